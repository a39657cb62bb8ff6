// Tensors of a caller: checked, and their numbers copied in and out.
#pragma once

#include <string>
#include <vector>

#include "hypergrad/description.h"
#include "hypergrad/tensor.h"
#include "runtime/context.h"

namespace hypergrad {

// What a tensor must hold: a matrix, whose columns may be spread over further dimensions, and whose rows may be left out when there is one.
struct TensorExtent {
  int64_t rows, columns;

  int64_t count() const { return rows * columns; }
};

// The number type of a tensor, checked, and where its first number is.
struct TensorNumbers {
  uint8_t code, bits;
  void* first;
  bool is_on_device;

  size_t size() const { return bits / 8u; }
};

// Whether a tensor may hold integers.
enum class Numbers { real, real_or_whole };

// Refuses a tensor that the context cannot read: another device, another number type, gaps between its numbers.
TensorNumbers numbers_of(const Context& context, const hg_tensor& tensor, Numbers allowed, const char* name);

// Refuses a tensor of another shape.
void require_extent(const hg_tensor& tensor, TensorExtent extent, const char* name);

// How many numbers it has.
int64_t count_of(const hg_tensor& tensor, const char* name);

// A tensor's numbers in this program's memory, in one of the two precisions: the tensor's own where they are there already.
class HostNumbers {
 public:
  HostNumbers(const Context& context, const hg_tensor& tensor, Numbers allowed, const char* name);
  HostNumbers(const HostNumbers&) = delete;
  HostNumbers& operator=(const HostNumbers&) = delete;

  const void* values() const { return values_; }
  int32_t type() const { return type_; }  // hg_precision

 private:
  const void* values_ = nullptr;
  int32_t type_ = HG_DOUBLE;
  std::vector<char> copy_;
  std::vector<double> wide_;
};

// The numbers of a tensor of floats, as doubles.
std::vector<double> doubles_of(const Context& context, const hg_tensor& tensor, TensorExtent extent, const char* name);

// A tensor that is to be written, checked when this is made; nothing where the tensor is null.
class TensorOutput {
 public:
  TensorOutput(const Context& context, const hg_tensor* tensor, TensorExtent extent, std::string name);

  bool is_wanted() const { return is_wanted_; }
  const std::string& name() const { return name_; }
  int64_t columns() const { return extent_.columns; }
  int64_t rows() const { return extent_.rows; }

  // Numbers for the whole tensor, row by row, rounded to its precision when they are written.
  std::vector<double> values;
  void write() const;

 private:
  const Context* context_;
  TensorExtent extent_;
  std::string name_;
  bool is_wanted_;
  TensorNumbers numbers_{};
};

}  // namespace hypergrad
