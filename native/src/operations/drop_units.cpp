// out = mask ∘ a / (1 − rate) in training, a in evaluation. Number i of row r at step t is kept where word t · 2⁴⁰ + r · n + i of the
// dropout's Philox stream is at least rate · 2³², n being the numbers of an example: the same again in reversal, and in all four passes.
#include <cmath>

#include "data/philox.h"
#include "operations/registry.h"

namespace hypergrad {

namespace {

// What it reads, and what must fit.
void check(const OperationCheck& operation) {
  const hg_operation& g = operation.step.given;
  operation.need(g.rate >= 0 && g.rate < 1, "has the rate ", g.rate, "; it must be at least 0 and below 1.");
  operation.need(g.ordinal >= 0 && g.ordinal < 1 << 16, "has the ordinal ", g.ordinal, "; it must be from 0 to ", (1 << 16) - 1, ".");
  operation.need_output(operation.read_value(g.input));
}

template <class T>
struct MaskNumbers {
  uint64_t seed;
  uint32_t purpose, threshold;
  StepReference step;
  int64_t replica_numbers;  // of a replica's batch
  T scale;
  bool keeps_all;
  const T* source;
  T* into;
  bool add;

  HG_BOTH void operator()(int64_t at) const {
    if (keeps_all) {
      put(into[at], source[at], add);
      return;
    }
    const Philox philox{seed, stream_of(purpose, static_cast<int32_t>(at / replica_numbers))};
    const uint64_t word = (static_cast<uint64_t>(step.get()) << 40) + static_cast<uint64_t>(at % replica_numbers);
    put(into[at], philox.word(word) >= threshold ? source[at] * scale : T(0), add);
  }
};

template <class T>
class DropUnits : public Operation<T> {
 public:
  explicit DropUnits(const OperationParts<T>& parts)
      : input_(parts.inputs[0]),
        output_(*parts.output),
        purpose_(dropout_stream + static_cast<uint32_t>(parts.given.ordinal)),
        threshold_(static_cast<uint32_t>(std::fmin(std::nearbyint(parts.given.rate * 4294967296.0), 4294967295.0))),
        scale_(static_cast<T>(1 / (1 - parts.given.rate))) {}

  void forward(const Pass<T>& pass) override { mask(pass, input_.value(), output_.value.data(), false); }
  void backward(const Pass<T>& pass) override { mask(pass, output_.delta.data(), input_.delta(), input_.adds); }
  void tangent_forward(const Pass<T>& pass) override { mask(pass, input_.tangent(), output_.value_tangent.data(), false); }
  void tangent_backward(const Pass<T>& pass) override { mask(pass, output_.delta_tangent.data(), input_.delta_tangent(pass), input_.adds); }

 private:
  void mask(const Pass<T>& pass, const T* source, T* into, bool add) {
    if (into != nullptr)
      for_each_index(pass.context, pass.cells(output_.numbers),
                     MaskNumbers<T>{pass.dropout_seed, purpose_, threshold_, pass.step, static_cast<int64_t>(pass.rows) * output_.numbers,
                                    scale_, !pass.is_training, source, into, add});
  }

  Input<T> input_;
  ValueBuffers<T>& output_;
  uint32_t purpose_, threshold_;
  T scale_;
};

}  // namespace

HG_DEFINE_OPERATION(drop_units, "drop units", DropUnits)

}  // namespace hypergrad
