#include "tensors/tensor.h"

#include <cstring>

namespace hypergrad {

namespace {

const char* name_of_code(uint8_t code) {
  static const char* const names[] = {"integers", "unsigned integers", "floats",  "opaque handles",
                                      "bfloats",  "complex numbers",   "booleans"};
  return code < sizeof names / sizeof *names ? names[code] : "numbers of an unknown kind";
}

void require_type(const hg_tensor& tensor, Numbers allowed, const char* name) {
  const bool is_float = tensor.code == HG_TENSOR_FLOAT && (tensor.bits == 32 || tensor.bits == 64);
  const bool is_whole = (tensor.code == HG_TENSOR_INTEGER || tensor.code == HG_TENSOR_UNSIGNED) &&
                        (tensor.bits == 8 || tensor.bits == 16 || tensor.bits == 32 || tensor.bits == 64);
  require(tensor.lanes == 1, "The tensor ", name, " has ", tensor.lanes, " lanes; it must have 1.");
  require(is_float || (is_whole && allowed == Numbers::real_or_whole), "The tensor ", name, " holds ", name_of_code(tensor.code), " of ",
          static_cast<int>(tensor.bits), " bits; give floats of 32 or 64 bits",
          allowed == Numbers::real_or_whole ? ", or integers of 8 to 64." : ".");
}

// Whether the memory is on a device, where the context must be too.
bool require_device(const Context& context, const hg_tensor& tensor, const char* name) {
  if (tensor.device_type == HG_TENSOR_CPU || tensor.device_type == HG_TENSOR_CUDA_HOST) return false;
  require(tensor.device_type == HG_TENSOR_CUDA || tensor.device_type == HG_TENSOR_CUDA_MANAGED, "The tensor ", name,
          " is on a device of DLPack's type ", tensor.device_type, "; it must be in this program's memory (1) or on a CUDA device (2).");
  require(context.on_device(), "The tensor ", name, " is on CUDA device ", tensor.device_id,
          ", and the context is on the host; copy it to the host, or use a context on that device.");
  require(tensor.device_type == HG_TENSOR_CUDA_MANAGED || tensor.device_id == context.device(), "The tensor ", name, " is on CUDA device ",
          tensor.device_id, ", and the context on device ", context.device(), "; both must be the same.");
  return true;
}

void require_packed(const hg_tensor& tensor, const char* name) {
  int64_t stride = 1;
  for (int32_t i = tensor.dimensions; tensor.strides != nullptr && i-- > 0;) {
    require(tensor.shape[i] == 1 || tensor.strides[i] == stride, "The tensor ", name, " has a stride of ", tensor.strides[i],
            " along dimension ", i, ", where packed rows have ", stride, "; make it contiguous.");
    stride *= tensor.shape[i];
  }
}

// Numbers of another type, one after the other.
template <class From>
std::vector<double> widened(const void* values, int64_t count) {
  const From* const numbers = static_cast<const From*>(values);
  return {numbers, numbers + count};
}

std::vector<double> widened(const TensorNumbers& type, const void* values, int64_t count) {
  if (type.code == HG_TENSOR_FLOAT) return type.bits == 64 ? widened<double>(values, count) : widened<float>(values, count);
  const bool is_signed = type.code == HG_TENSOR_INTEGER;
  switch (type.bits) {
    case 8:
      return is_signed ? widened<int8_t>(values, count) : widened<uint8_t>(values, count);
    case 16:
      return is_signed ? widened<int16_t>(values, count) : widened<uint16_t>(values, count);
    case 32:
      return is_signed ? widened<int32_t>(values, count) : widened<uint32_t>(values, count);
    default:
      return is_signed ? widened<int64_t>(values, count) : widened<uint64_t>(values, count);
  }
}

}  // namespace

int64_t count_of(const hg_tensor& tensor, const char* name) {
  constexpr int64_t most = static_cast<int64_t>(1) << 40;
  require(tensor.dimensions >= 0 && tensor.dimensions <= 64, "The tensor ", name, " has ", tensor.dimensions,
          " dimensions; it may have from 0 to 64.");
  if (tensor.dimensions > 0) require_pointer(tensor.shape, "shape");
  int64_t count = 1;
  for (int32_t i = 0; i < tensor.dimensions; i++) {
    require(tensor.shape[i] >= 1 && tensor.shape[i] <= most / count, "The tensor ", name, " has ", tensor.shape[i],
            " numbers along dimension ", i, "; it must have at least 1, and fewer than 2^40 in all.");
    count *= tensor.shape[i];
  }
  return count;
}

void require_extent(const hg_tensor& tensor, TensorExtent extent, const char* name) {
  const int64_t count = count_of(tensor, name);
  require(count == extent.count(), "The tensor ", name, " has ", count, " numbers; it must have ", extent.rows, " × ", extent.columns, ".");
  require(extent.rows == 1 || tensor.dimensions < 2 || tensor.shape[0] == extent.rows, "The tensor ", name, " has ",
          tensor.dimensions < 1 ? 0 : tensor.shape[0], " rows; it must have ", extent.rows, ", of ", extent.columns, " numbers each.");
}

TensorNumbers numbers_of(const Context& context, const hg_tensor& tensor, Numbers allowed, const char* name) {
  const int64_t count = count_of(tensor, name);
  require_type(tensor, allowed, name);
  require_packed(tensor, name);
  const bool is_on_device = require_device(context, tensor, name);
  require_pointer(tensor.data, name);
  char* const first = static_cast<char*>(tensor.data) + tensor.byte_offset;
  const TensorNumbers numbers{tensor.code, tensor.bits, first, is_on_device};
  require(reinterpret_cast<uintptr_t>(first) % numbers.size() == 0, "The tensor ", name, " is not aligned to its numbers of ",
          numbers.size(), " bytes.");
  if (is_on_device) context.require_own_memory(first, static_cast<size_t>(count) * numbers.size());
  return numbers;
}

HostNumbers::HostNumbers(const Context& context, const hg_tensor& tensor, Numbers allowed, const char* name) {
  const TensorNumbers numbers = numbers_of(context, tensor, allowed, name);
  const int64_t count = count_of(tensor, name);
  values_ = numbers.first;
  if (numbers.is_on_device) {
    copy_.resize(static_cast<size_t>(count) * numbers.size());
    context.copy_out(copy_.data(), numbers.first, copy_.size());
    values_ = copy_.data();
  }
  if (numbers.code == HG_TENSOR_FLOAT) {
    type_ = numbers.bits == 64 ? HG_DOUBLE : HG_SINGLE;
    return;
  }
  wide_ = widened(numbers, values_, count);
  values_ = wide_.data();
}

std::vector<double> doubles_of(const Context& context, const hg_tensor& tensor, TensorExtent extent, const char* name) {
  require_extent(tensor, extent, name);
  const HostNumbers numbers(context, tensor, Numbers::real, name);
  return numbers.type() == HG_DOUBLE ? widened<double>(numbers.values(), extent.count()) : widened<float>(numbers.values(), extent.count());
}

TensorOutput::TensorOutput(const Context& context, const hg_tensor* tensor, TensorExtent extent, std::string name)
    : context_(&context), extent_(extent), name_(std::move(name)), is_wanted_(tensor != nullptr) {
  if (!is_wanted_) return;
  require_extent(*tensor, extent, name_.c_str());
  numbers_ = numbers_of(context, *tensor, Numbers::real, name_.c_str());
}

void TensorOutput::write() const {
  if (!is_wanted_) return;
  const std::vector<float> rounded(numbers_.bits == 32 ? std::vector<float>(values.begin(), values.end()) : std::vector<float>());
  const void* const source = numbers_.bits == 32 ? static_cast<const void*>(rounded.data()) : values.data();
  const size_t bytes = values.size() * numbers_.size();
  if (numbers_.is_on_device)
    context_->copy_in(numbers_.first, source, bytes);
  else
    std::memcpy(numbers_.first, source, bytes);
}

}  // namespace hypergrad
