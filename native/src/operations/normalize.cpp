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

// What it reads, and what must fit.
void check(const OperationCheck& operation) {
  const hg_operation& g = operation.step.given;
  const int32_t numbers = operation.read_value(g.input), scale = operation.read_parameter(g.first).count(),
                shift = operation.read_parameter(g.second).count();
  operation.need(scale == shift, "has ", scale, " scales and ", shift, " shifts; both must be as many.");
  operation.need(g.groups >= 1 && scale % g.groups == 0, "has ", g.groups, " groups, which do not divide its ", scale, " channels.");
  operation.need(g.positions >= 1 && numbers % (static_cast<int64_t>(g.positions) * scale) == 0, "reads ", numbers,
                 " numbers, which do not divide into sets of ", g.positions, " positions of ", scale, " channels.");
  operation.need_output(numbers);
}

constexpr double variance_floor = 1e-5;  // ε

// How a batch falls into sets: an example is [outside × positions × groups × width], and a set all positions and the width of one group.
struct Sets {
  int32_t outside, positions, groups, width;  // width: channels of a group

  HG_BOTH int32_t channels() const { return groups * width; }
  HG_BOTH int32_t size() const { return positions * width; }
  HG_BOTH int32_t per_example() const { return outside * groups; }
};

// A number of the batch: its place, its set, and the place of its scale and shift.
struct Cell {
  int64_t at, set, weight;
};

// What is known of the sets and, in tangent(), along the direction.
template <class T>
struct SetView {
  Sets sets;
  int32_t rows;  // of a replica's batch, of all channels
  int64_t stride;
  const T* input;
  const T* tangent;  // ȧ, or null for 0
  const T* scale;    // replica 0's
  const T* scale_direction;
  const T* delta;          // ē
  const T* delta_tangent;  // ē˙
  const double *mean, *inverse, *m1, *m2, *n1, *n2, *dot1, *dot2;

  HG_BOTH Cell cell(int32_t replica, int32_t row, int32_t channel) const {
    const int64_t set = static_cast<int64_t>(replica) * (rows / sets.positions) + row / sets.positions;
    return {(static_cast<int64_t>(replica) * rows + row) * sets.channels() + channel, set * sets.groups + channel / sets.width,
            replica * stride + channel};
  }
  // Number i of a set.
  HG_BOTH Cell member(int64_t set, int32_t i) const {
    const int64_t outer = set / sets.groups;
    const int32_t channel = static_cast<int32_t>(set % sets.groups) * sets.width + i % sets.width;
    return {(outer * sets.positions + i / sets.width) * sets.channels() + channel, set, outer / (rows / sets.positions) * stride + channel};
  }

  HG_BOTH T normalized(const Cell& c) const { return static_cast<T>((static_cast<double>(input[c.at]) - mean[c.set]) * inverse[c.set]); }
  HG_BOTH T normalized_tangent(const Cell& c) const {
    if (tangent == nullptr) return T(0);
    return static_cast<T>(inverse[c.set] *
                          (static_cast<double>(tangent[c.at]) - n1[c.set] - static_cast<double>(normalized(c)) * n2[c.set]));
  }
  // ĝ and ĝ˙.
  HG_BOTH T scaled_delta(const Cell& c) const { return delta[c.at] * scale[c.weight]; }
  HG_BOTH T scaled_delta_tangent(const Cell& c) const {
    return delta_tangent[c.at] * scale[c.weight] + delta[c.at] * scale_direction[c.weight];
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
    const Cell c = view.member(set, static_cast<int32_t>(i));
    switch (which) {
      case Mean::input:
        return static_cast<double>(view.input[c.at]);
      case Mean::variance: {
        const double difference = static_cast<double>(view.input[c.at]) - view.mean[set];
        return difference * difference;
      }
      case Mean::delta:
        return static_cast<double>(view.scaled_delta(c));
      case Mean::delta_normalized:
        return static_cast<double>(view.scaled_delta(c)) * static_cast<double>(view.normalized(c));
      case Mean::tangent:
        return static_cast<double>(view.tangent[c.at]);
      case Mean::tangent_normalized:
        return static_cast<double>(view.tangent[c.at]) * static_cast<double>(view.normalized(c));
      case Mean::delta_tangent:
        return static_cast<double>(view.scaled_delta_tangent(c));
      default:
        return static_cast<double>(view.scaled_delta_tangent(c)) * static_cast<double>(view.normalized(c)) +
               static_cast<double>(view.scaled_delta(c)) * static_cast<double>(view.normalized_tangent(c));
    }
  }
  HG_BOTH void store(int64_t set, double sum) const {
    const double mean = sum / view.sets.size();
    means[set] = which == Mean::variance ? 1 / std::sqrt(mean + variance_floor) : mean;
  }
};

// Functors of rows and channels.
template <class T>
struct NormalizeForward {
  SetView<T> view;
  const T* shift;
  T* output;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t channel) const {
    const Cell c = view.cell(replica, row, channel);
    output[c.at] = view.scale[c.weight] * view.normalized(c) + shift[c.weight];
  }
};

template <class T>
struct NormalizeBackward {
  SetView<T> view;
  T* into;
  bool add;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t channel) const {
    const Cell c = view.cell(replica, row, channel);
    const double rest =
        static_cast<double>(view.scaled_delta(c)) - view.m1[c.set] - static_cast<double>(view.normalized(c)) * view.m2[c.set];
    put(into[c.at], static_cast<T>(view.inverse[c.set] * rest), add);
  }
};

template <class T>
struct NormalizeTangent {
  SetView<T> view;
  const T* shift_direction;
  T* output;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t channel) const {
    const Cell c = view.cell(replica, row, channel);
    output[c.at] =
        view.scale[c.weight] * view.normalized_tangent(c) + view.scale_direction[c.weight] * view.normalized(c) + shift_direction[c.weight];
  }
};

template <class T>
struct NormalizeTangentBackward {
  SetView<T> view;
  T* into;
  bool add;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t channel) const {
    const Cell c = view.cell(replica, row, channel);
    const double x = static_cast<double>(view.normalized(c)), r = view.inverse[c.set];
    double sum = static_cast<double>(view.scaled_delta_tangent(c)) - view.dot1[c.set] - x * view.dot2[c.set];
    if (view.tangent != nullptr) {
      const double rest = static_cast<double>(view.scaled_delta(c)) - view.m1[c.set] - x * view.m2[c.set];
      sum -= static_cast<double>(view.normalized_tangent(c)) * view.m2[c.set] + r * view.n2[c.set] * rest;
    }
    put(into[c.at], static_cast<T>(r * sum), add);
  }
};

// Of ∂scale, ē ∘ x̂, or along the direction ē˙ ∘ x̂ + ē ∘ x̂˙.
template <class T>
struct ScaleTerm {
  SetView<T> view;
  bool along;

  HG_BOTH T operator()(int32_t replica, int32_t row, int32_t channel) const {
    const Cell c = view.cell(replica, row, channel);
    if (!along) return view.delta[c.at] * view.normalized(c);
    return view.delta_tangent[c.at] * view.normalized(c) + view.delta[c.at] * view.normalized_tangent(c);
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
    for (const Parameter<T>& parameter : {scale_, shift_})
      reserve_sums(parts, parameter, static_cast<int64_t>(parts.room.capacity) * sets_.outside * sets_.positions, channels);
  }

  void prepare_tangents() override {
    if (n1_.data() != nullptr) return;
    const Room<T> room = room_.for_tangents();
    for (Array<double>* means : {&n1_, &n2_, &dot1_, &dot2_}) *means = room.template array_of<double>(sets_.per_example());
  }

  void forward(const Pass<T>& pass) override {
    const SetView<T> view = view_of(pass);
    mean(pass, view, Mean::input, mean_);
    mean(pass, view, Mean::variance, inverse_);
    for_each_cell(pass.context, pass.replicas, rows(pass), sets_.channels(),
                  NormalizeForward<T>{view, shift_.value(pass), output_.value.data()});
  }

  void backward(const Pass<T>& pass) override {
    const SetView<T> view = view_of(pass);
    sum_parameters(pass, view, false);
    mean(pass, view, Mean::delta, m1_);
    mean(pass, view, Mean::delta_normalized, m2_);
    if (input_.delta() != nullptr)
      for_each_cell(pass.context, pass.replicas, rows(pass), sets_.channels(), NormalizeBackward<T>{view, input_.delta(), input_.adds});
  }

  void tangent_forward(const Pass<T>& pass) override {
    const SetView<T> view = view_of(pass);
    if (view.tangent != nullptr) {
      mean(pass, view, Mean::tangent, n1_);
      mean(pass, view, Mean::tangent_normalized, n2_);
    }
    for_each_cell(pass.context, pass.replicas, rows(pass), sets_.channels(),
                  NormalizeTangent<T>{view, shift_.direction(pass), output_.value_tangent.data()});
  }

  void tangent_backward(const Pass<T>& pass) override {
    const SetView<T> view = view_of(pass);
    sum_parameters(pass, view, true);
    T* into = input_.delta_tangent(pass);
    if (into == nullptr) return;
    mean(pass, view, Mean::delta_tangent, dot1_);
    mean(pass, view, Mean::delta_normalized_tangent, dot2_);
    for_each_cell(pass.context, pass.replicas, rows(pass), sets_.channels(), NormalizeTangentBackward<T>{view, into, input_.adds});
  }

 private:
  int32_t rows(const Pass<T>& pass) const { return pass.rows * sets_.outside * sets_.positions; }

  SetView<T> view_of(const Pass<T>& pass) const {
    return {sets_,
            rows(pass),
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
    constexpr int32_t worth_a_block = 128, worth_a_warp = 8;
    const int64_t sets = pass.cells(sets_.per_example());
    const MeanOfSet<T> sum{view, which, means.data()};
    if (sets_.size() >= worth_a_block)
      reduce(pass.context, sets, sum);
    else if (sets_.size() >= worth_a_warp)
      reduce_by_warps(pass.context, sets, sum);
    else
      reduce_short(pass.context, sets, sum);
  }

  void sum_parameters(const Pass<T>& pass, const SetView<T>& view, bool along) {
    const int32_t channels = sets_.channels();
    const MatrixTerm<T> delta{along ? view.delta_tangent : view.delta, view.rows, channels};
    sum_columns(pass, view.rows, channels, ScaleTerm<T>{view, along}, scale_);
    sum_columns(pass, view.rows, channels, delta, shift_);
  }

  Room<T> room_;
  Input<T> input_;
  Parameter<T> scale_, shift_;
  ValueBuffers<T>& output_;
  Sets sets_{};
  Array<double> mean_, inverse_, m1_, m2_, n1_, n2_, dot1_, dot2_;  // [replicas × rows × sets]
};

}  // namespace

HG_DEFINE_OPERATION(normalize, "normalize", Normalize)

}  // namespace hypergrad
