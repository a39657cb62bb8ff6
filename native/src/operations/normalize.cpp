// out = scale ∘ x̂ + shift, x̂ = r (a − mean), r = 1/√(variance + ε), over sets of numbers. With ĝ = ē ∘ scale, m₁ = mean ĝ,
// m₂ = mean ĝ∘x̂:
//   backward          ā = r (ĝ − m₁ − x̂ m₂), ∂scale = Σ ē ∘ x̂, ∂shift = Σ ē
//   tangent forward   x̂˙ = r (ȧ − n₁ − x̂ n₂), n₁ = mean ȧ, n₂ = mean ȧ∘x̂, and ṙ = −r² n₂
//   tangent backward  ā˙ = ṙ (ĝ − m₁ − x̂ m₂) + r (ĝ˙ − ṁ₁ − x̂˙ m₂ − x̂ ṁ₂), ṁ₁ = mean ĝ˙, ṁ₂ = mean (ĝ˙∘x̂ + ĝ∘x̂˙)
#include <cmath>

#include "operations/column_sums.h"
#include "operations/registry.h"
#include "runtime/reduction.h"

namespace hypergrad {

namespace {

constexpr double variance_floor = 1e-5;  // ε

// How a batch falls into sets: an example is [outside × positions × groups × width], and a set all positions and the width of one group.
struct Sets {
  int32_t outside, positions, groups, width;  // width: channels of a group

  HG_BOTH int32_t channels() const { return groups * width; }
  HG_BOTH int32_t size() const { return positions * width; }
  HG_BOTH int32_t per_example() const { return outside * groups; }
  // Number i of a set.
  HG_BOTH int64_t place(int64_t set, int64_t i) const {
    return (set / groups * positions + i / width) * channels() + set % groups * width + i % width;
  }
  HG_BOTH int64_t set_of(int64_t at) const { return at / channels() / positions * groups + at % channels() / width; }
  HG_BOTH int32_t channel_of(int64_t at) const { return static_cast<int32_t>(at % channels()); }
};

// What is known of the sets and, in tangent(), along the direction.
template <class T>
struct SetView {
  Sets sets;
  int64_t example_numbers;  // of a replica's batch
  int64_t stride;
  const T* input;
  const T* tangent;  // ȧ, or null for 0
  const T* scale;    // replica 0's
  const T* scale_direction;
  const T* delta;          // ē
  const T* delta_tangent;  // ē˙
  const double *mean, *inverse, *m1, *m2, *n1, *n2, *dot1, *dot2;

  HG_BOTH T normalized(int64_t at) const {
    const int64_t set = sets.set_of(at);
    return static_cast<T>((static_cast<double>(input[at]) - mean[set]) * inverse[set]);
  }
  HG_BOTH T normalized_tangent(int64_t at) const {
    if (tangent == nullptr) return T(0);
    const int64_t set = sets.set_of(at);
    return static_cast<T>(inverse[set] * (static_cast<double>(tangent[at]) - n1[set] - static_cast<double>(normalized(at)) * n2[set]));
  }
  HG_BOTH int64_t weight(int64_t at) const { return at / example_numbers * stride + sets.channel_of(at); }
  // ĝ and ĝ˙.
  HG_BOTH T scaled_delta(int64_t at) const { return delta[at] * scale[weight(at)]; }
  HG_BOTH T scaled_delta_tangent(int64_t at) const {
    return delta_tangent[at] * scale[weight(at)] + delta[at] * scale_direction[weight(at)];
  }
};

// The terms of the means.
enum class Mean : int32_t {
  input,
  variance,
  delta,
  delta_normalized,
  tangent,
  tangent_normalized,
  delta_tangent,
  delta_normalized_tangent
};

template <class T>
struct MeanOfSet {
  using Sum = double;

  SetView<T> view;
  Mean which;
  double* means;

  HG_BOTH int64_t count(int64_t) const { return view.sets.size(); }
  HG_BOTH double term(int64_t set, int64_t i) const {
    const int64_t at = view.sets.place(set, i);
    switch (which) {
      case Mean::input:
        return static_cast<double>(view.input[at]);
      case Mean::variance: {
        const double difference = static_cast<double>(view.input[at]) - view.mean[set];
        return difference * difference;
      }
      case Mean::delta:
        return static_cast<double>(view.scaled_delta(at));
      case Mean::delta_normalized:
        return static_cast<double>(view.scaled_delta(at)) * static_cast<double>(view.normalized(at));
      case Mean::tangent:
        return static_cast<double>(view.tangent[at]);
      case Mean::tangent_normalized:
        return static_cast<double>(view.tangent[at]) * static_cast<double>(view.normalized(at));
      case Mean::delta_tangent:
        return static_cast<double>(view.scaled_delta_tangent(at));
      default:
        return static_cast<double>(view.scaled_delta_tangent(at)) * static_cast<double>(view.normalized(at)) +
               static_cast<double>(view.scaled_delta(at)) * static_cast<double>(view.normalized_tangent(at));
    }
  }
  HG_BOTH void store(int64_t set, double sum) const {
    const double mean = sum / view.sets.size();
    means[set] = which == Mean::variance ? 1 / std::sqrt(mean + variance_floor) : mean;
  }
};

template <class T>
struct NormalizeForward {
  SetView<T> view;
  const T* shift;
  T* output;

  HG_BOTH void operator()(int64_t at) const { output[at] = view.scale[view.weight(at)] * view.normalized(at) + shift[view.weight(at)]; }
};

template <class T>
struct NormalizeBackward {
  SetView<T> view;
  T* into;
  bool add;

  HG_BOTH void operator()(int64_t at) const {
    const int64_t set = view.sets.set_of(at);
    const double rest = static_cast<double>(view.scaled_delta(at)) - view.m1[set] - static_cast<double>(view.normalized(at)) * view.m2[set];
    put(into[at], static_cast<T>(view.inverse[set] * rest), add);
  }
};

template <class T>
struct NormalizeTangent {
  SetView<T> view;
  const T* shift_direction;
  T* output;

  HG_BOTH void operator()(int64_t at) const {
    const int64_t weight = view.weight(at);
    output[at] =
        view.scale[weight] * view.normalized_tangent(at) + view.scale_direction[weight] * view.normalized(at) + shift_direction[weight];
  }
};

template <class T>
struct NormalizeTangentBackward {
  SetView<T> view;
  T* into;
  bool add;

  HG_BOTH void operator()(int64_t at) const {
    const int64_t set = view.sets.set_of(at);
    const double x = static_cast<double>(view.normalized(at)), r = view.inverse[set];
    double sum = static_cast<double>(view.scaled_delta_tangent(at)) - view.dot1[set] - x * view.dot2[set];
    if (view.tangent != nullptr) {
      const double rest = static_cast<double>(view.scaled_delta(at)) - view.m1[set] - x * view.m2[set];
      sum -= static_cast<double>(view.normalized_tangent(at)) * view.m2[set] + r * view.n2[set] * rest;
    }
    put(into[at], static_cast<T>(r * sum), add);
  }
};

// Of ∂scale, ē ∘ x̂, or along the direction ē˙ ∘ x̂ + ē ∘ x̂˙.
template <class T>
struct ScaleTerm {
  SetView<T> view;
  bool along;

  HG_BOTH T operator()(int32_t replica, int32_t row, int32_t channel) const {
    const int64_t at = replica * view.example_numbers + static_cast<int64_t>(row) * view.sets.channels() + channel;
    if (!along) return view.delta[at] * view.normalized(at);
    return view.delta_tangent[at] * view.normalized(at) + view.delta[at] * view.normalized_tangent(at);
  }
};

template <class T>
class Normalize : public Operation<T> {
 public:
  explicit Normalize(const OperationParts<T>& parts)
      : room_(parts.room), input_(parts.inputs[0]), scale_(parts.parameters[0]), shift_(parts.parameters[1]), output_(*parts.output) {
    const int32_t channels = scale_.tensor.count();
    sets_ = {output_.numbers / (parts.given.positions * channels), parts.given.positions, parts.given.groups,
             channels / parts.given.groups};
    for (Array<double>* means : {&mean_, &inverse_, &m1_, &m2_}) *means = room_.template array_of<double>(sets_.per_example());
    reserve_sums(parts, static_cast<int64_t>(parts.room.capacity) * sets_.outside * sets_.positions, channels);
  }

  void prepare_tangents() override {
    if (n1_.data() != nullptr) return;
    for (Array<double>* means : {&n1_, &n2_, &dot1_, &dot2_}) *means = room_.template array_of<double>(sets_.per_example());
  }

  void forward(const Pass<T>& pass) override {
    const SetView<T> view = view_of(pass);
    mean(pass, view, Mean::input, mean_);
    mean(pass, view, Mean::variance, inverse_);
    for_each_index(pass.context, pass.cells(output_.numbers), NormalizeForward<T>{view, shift_.value(pass), output_.value.data()});
  }

  void backward(const Pass<T>& pass) override {
    const SetView<T> view = view_of(pass);
    sum_parameters(pass, view, false);
    mean(pass, view, Mean::delta, m1_);
    mean(pass, view, Mean::delta_normalized, m2_);
    if (input_.delta() != nullptr)
      for_each_index(pass.context, pass.cells(output_.numbers), NormalizeBackward<T>{view, input_.delta(), input_.adds});
  }

  void tangent_forward(const Pass<T>& pass) override {
    const SetView<T> view = view_of(pass);
    if (view.tangent != nullptr) {
      mean(pass, view, Mean::tangent, n1_);
      mean(pass, view, Mean::tangent_normalized, n2_);
    }
    for_each_index(pass.context, pass.cells(output_.numbers),
                   NormalizeTangent<T>{view, shift_.direction(pass), output_.value_tangent.data()});
  }

  void tangent_backward(const Pass<T>& pass) override {
    const SetView<T> view = view_of(pass);
    sum_parameters(pass, view, true);
    T* into = input_.delta_tangent(pass);
    if (into == nullptr) return;
    mean(pass, view, Mean::delta_tangent, dot1_);
    mean(pass, view, Mean::delta_normalized_tangent, dot2_);
    for_each_index(pass.context, pass.cells(output_.numbers), NormalizeTangentBackward<T>{view, into, input_.adds});
  }

 private:
  SetView<T> view_of(const Pass<T>& pass) const {
    return {sets_,
            static_cast<int64_t>(pass.rows) * output_.numbers,
            pass.stride,
            input_.value(),
            input_.tangent(),
            scale_.value(pass),
            pass.direction != nullptr ? scale_.direction(pass) : nullptr,
            output_.delta.data(),
            output_.delta_tangent.data(),
            mean_.data(),
            inverse_.data(),
            m1_.data(),
            m2_.data(),
            n1_.data(),
            n2_.data(),
            dot1_.data(),
            dot2_.data()};
  }

  void mean(const Pass<T>& pass, const SetView<T>& view, Mean which, Array<double>& means) {
    constexpr int32_t worth_a_block = 128;
    const int64_t sets = pass.cells(sets_.per_example());
    const MeanOfSet<T> sum{view, which, means.data()};
    sets_.size() >= worth_a_block ? reduce(pass.context, sets, sum) : reduce_short(pass.context, sets, sum);
  }

  void sum_parameters(const Pass<T>& pass, const SetView<T>& view, bool along) {
    const int32_t rows = pass.rows * sets_.outside * sets_.positions, channels = sets_.channels();
    sum_columns(pass, rows, channels, ScaleTerm<T>{view, along}, scale_.gradient(pass), scale_.accumulates(pass));
    sum_columns(pass, rows, channels, MatrixTerm<T>{along ? view.delta_tangent : view.delta, rows, channels}, shift_.gradient(pass),
                shift_.accumulates(pass));
  }

  Room<T> room_;
  Input<T> input_;
  Parameter<T> scale_, shift_;
  ValueBuffers<T>& output_;
  Sets sets_{};
  Array<double> mean_, inverse_, m1_, m2_, n1_, n2_, dot1_, dot2_;  // [replicas × rows × sets]
};

}  // namespace

HG_DEFINE_OPERATION(make_normalize, Normalize)

}  // namespace hypergrad
