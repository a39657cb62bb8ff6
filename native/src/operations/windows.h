// Windows on images: gathering their numbers into rows, and the adjoint of that, which gathers too.
#pragma once

#include "operations/operation.h"

namespace hypergrad {

struct Window {
  int32_t input_height, input_width, channels, kernel_height, kernel_width, stride_height, stride_width, padding_height, padding_width;
  int32_t output_height, output_width;

  HG_BOTH int32_t positions() const { return output_height * output_width; }
  HG_BOTH int32_t size() const { return kernel_height * kernel_width * channels; }
  HG_BOTH int32_t input_numbers() const { return input_height * input_width * channels; }
};

inline Window window_of(const hg_window& w) {
  return {w.input_height,
          w.input_width,
          w.channels,
          w.kernel_height,
          w.kernel_width,
          w.stride_height,
          w.stride_width,
          w.padding_height,
          w.padding_width,
          (w.input_height + 2 * w.padding_height - w.kernel_height) / w.stride_height + 1,
          (w.input_width + 2 * w.padding_width - w.kernel_width) / w.stride_width + 1};
}

// The windows of some examples of each replica's batch.
struct Examples {
  int32_t rows;          // of the batch
  int32_t first, count;  // of these
};

// patches[replica, example, window, number in the window]; zeros beyond the image.
template <class T>
struct GatherPatches {
  Window window;
  Examples examples;
  const T* images;
  T* patches;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t column) const {
    const int32_t position = row % window.positions(), example = examples.first + row / window.positions();
    const int32_t channel = column % window.channels, cell = column / window.channels;
    const int32_t y = position / window.output_width * window.stride_height - window.padding_height + cell / window.kernel_width;
    const int32_t x = position % window.output_width * window.stride_width - window.padding_width + cell % window.kernel_width;
    const int64_t image = (static_cast<int64_t>(replica) * examples.rows + example) * window.input_numbers();
    const bool inside = y >= 0 && y < window.input_height && x >= 0 && x < window.input_width;
    const int64_t rows = static_cast<int64_t>(examples.count) * window.positions();
    patches[(replica * rows + row) * window.size() + column] =
        inside ? images[image + (static_cast<int64_t>(y) * window.input_width + x) * window.channels + channel] : T(0);
  }
};

// Calls visit(output position, cell of the kernel) for every window that a pixel is in, in a fixed order.
template <class F>
HG_BOTH void for_each_window_of(const Window& window, int32_t y, int32_t x, const F& visit) {
  for (int32_t ky = 0; ky < window.kernel_height; ky++) {
    const int32_t top = y + window.padding_height - ky;
    if (top < 0 || top % window.stride_height != 0 || top / window.stride_height >= window.output_height) continue;
    for (int32_t kx = 0; kx < window.kernel_width; kx++) {
      const int32_t left = x + window.padding_width - kx;
      if (left < 0 || left % window.stride_width != 0 || left / window.stride_width >= window.output_width) continue;
      visit(top / window.stride_height * window.output_width + left / window.stride_width, ky * window.kernel_width + kx);
    }
  }
}

template <class T>
struct PatchSum {
  const T* patches;  // of one example
  int32_t size, channels, channel;
  T& sum;

  HG_BOTH void operator()(int32_t position, int32_t cell) const {
    sum += patches[static_cast<int64_t>(position) * size + cell * channels + channel];
  }
};

// images[pixel] [+]= Σ over the windows that it is in.
template <class T>
struct ScatterPatches {
  Window window;
  Examples examples;
  const T* patches;
  T* images;
  bool add;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t column) const {
    const int32_t channel = column % window.channels, pixel = column / window.channels;
    const int64_t example = static_cast<int64_t>(replica) * examples.count + row;
    T sum = 0;
    for_each_window_of(window, pixel / window.input_width, pixel % window.input_width,
                       PatchSum<T>{patches + example * window.positions() * window.size(), window.size(), window.channels, channel, sum});
    put(images[(static_cast<int64_t>(replica) * examples.rows + examples.first + row) * window.input_numbers() + column], sum, add);
  }
};

}  // namespace hypergrad
