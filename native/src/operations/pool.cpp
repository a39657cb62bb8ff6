// The largest or the mean number of each window, channel by channel. Both are linear once it is known which number was the largest: all
// passes but the first one spread or gather along the same map.
#include "operations/registry.h"
#include "operations/windows.h"

namespace hypergrad {

namespace {

// What it reads, and what must fit.
void check(const OperationCheck& operation) {
  operation.need_choice(operation.step.given.is_maximum, 2, "choice of the maximum");
  const int32_t numbers = operation.read_value(operation.step.given.input);
  const hg_window& w = operation.window(false);
  operation.need(static_cast<int64_t>(w.input_height) * w.input_width * w.channels == numbers, "has windows on images of ", w.input_height,
                 " × ", w.input_width, " × ", w.channels, " and reads ", numbers, " numbers.");
  operation.need_output(static_cast<int64_t>((w.input_height - w.kernel_height) / w.stride_height + 1) *
                        ((w.input_width - w.kernel_width) / w.stride_width + 1) * w.channels);
}

// out, and the cell of the window that had the largest number.
template <class T>
struct PoolForward {
  Window window;
  bool is_maximum;
  const T* images;
  T* output;
  int32_t* largest;

  HG_BOTH void operator()(int64_t at) const {
    const int32_t channel = static_cast<int32_t>(at % window.channels);
    const int64_t place = at / window.channels, image = place / window.positions();
    const int32_t position = static_cast<int32_t>(place % window.positions());
    const int32_t top = position / window.output_width * window.stride_height, left = position % window.output_width * window.stride_width;
    T best = 0, sum = 0;
    int32_t cell = 0, best_cell = 0;
    for (int32_t y = top; y < top + window.kernel_height; y++)
      for (int32_t x = left; x < left + window.kernel_width; x++, cell++) {
        const T number =
            images[image * window.input_numbers() + (static_cast<int64_t>(y) * window.input_width + x) * window.channels + channel];
        sum += number;
        // What is no number is passed on, so that it is noticed.
        if (cell == 0 || number > best || number != number) {
          best = number;
          best_cell = cell;
        }
      }
    output[at] = is_maximum ? best : sum / static_cast<T>(window.kernel_height * window.kernel_width);
    if (is_maximum) largest[at] = best_cell;
  }
};

// ȯut: the tangent of the largest number, or the mean of the tangents.
template <class T>
struct PoolTangent {
  Window window;
  const int32_t* largest;  // or null for the mean
  const T* images;
  T* output;

  HG_BOTH void operator()(int64_t at) const {
    const int32_t channel = static_cast<int32_t>(at % window.channels);
    const int64_t place = at / window.channels, image = place / window.positions();
    const int32_t position = static_cast<int32_t>(place % window.positions());
    const int32_t top = position / window.output_width * window.stride_height, left = position % window.output_width * window.stride_width;
    const int32_t cells = window.kernel_height * window.kernel_width;
    T sum = 0;
    for (int32_t cell = largest != nullptr ? largest[at] : 0; cell < (largest != nullptr ? largest[at] + 1 : cells); cell++) {
      const int64_t y = top + cell / window.kernel_width, x = left + cell % window.kernel_width;
      sum += images[image * window.input_numbers() + (y * window.input_width + x) * window.channels + channel];
    }
    output[at] = largest != nullptr ? sum : sum / static_cast<T>(cells);
  }
};

template <class T>
struct PoolSum {
  const int32_t* largest;  // of the example, or null
  const T* delta;
  int32_t channels, channel;
  T& sum;

  HG_BOTH void operator()(int32_t position, int32_t cell) const {
    const int64_t at = static_cast<int64_t>(position) * channels + channel;
    if (largest == nullptr || largest[at] == cell) sum += delta[at];
  }
};

// into [+]= what the windows that a number is in hand back to it.
template <class T>
struct PoolBackward {
  Window window;
  const int32_t* largest;
  const T* delta;
  T* into;
  bool add;

  HG_BOTH void operator()(int64_t at) const {
    const int32_t channel = static_cast<int32_t>(at % window.channels);
    const int64_t image = at / window.input_numbers(), start = image * window.positions() * window.channels;
    const int32_t pixel = static_cast<int32_t>(at % window.input_numbers()) / window.channels;
    T sum = 0;
    for_each_window_of(window, pixel / window.input_width, pixel % window.input_width,
                       PoolSum<T>{largest != nullptr ? largest + start : nullptr, delta + start, window.channels, channel, sum});
    put(into[at], largest != nullptr ? sum : sum / static_cast<T>(window.kernel_height * window.kernel_width), add);
  }
};

template <class T>
class Pool : public Operation<T> {
 public:
  explicit Pool(const OperationParts<T>& parts)
      : input_(parts.inputs[0]), output_(*parts.output), window_(window_of(*parts.given.window)), is_maximum_(parts.given.is_maximum == 1) {
    if (is_maximum_) largest_ = parts.room.template array_of<int32_t>(output_.numbers);
  }

  void forward(const Pass<T>& pass) override {
    for_each_index(pass.context, pass.cells(output_.numbers),
                   PoolForward<T>{window_, is_maximum_, input_.value(), output_.value.data(), largest_.data()});
  }

  void backward(const Pass<T>& pass) override { hand_back(pass, output_.delta.data(), input_.delta()); }

  void tangent_forward(const Pass<T>& pass) override {
    for_each_index(pass.context, pass.cells(output_.numbers),
                   PoolTangent<T>{window_, largest_.data(), input_.tangent(), output_.value_tangent.data()});
  }

  void tangent_backward(const Pass<T>& pass) override { hand_back(pass, output_.delta_tangent.data(), input_.delta_tangent(pass)); }

 private:
  void hand_back(const Pass<T>& pass, const T* delta, T* into) {
    if (into != nullptr)
      for_each_index(pass.context, pass.cells(input_.numbers()), PoolBackward<T>{window_, largest_.data(), delta, into, input_.adds});
  }

  Input<T> input_;
  ValueBuffers<T>& output_;
  Window window_;
  bool is_maximum_;
  Array<int32_t> largest_;
};

}  // namespace

HG_DEFINE_OPERATION(pool, "pool", Pool)

}  // namespace hypergrad
