// Products on the host: CBLAS where the build found one, otherwise a plain blocked loop. Panels of op(A) and op(B) are packed so that the
// innermost loop runs over contiguous numbers, whichever operand is transposed; a tile of C stays in registers along a panel. The order of
// summation depends on the shape alone.
#include <algorithm>
#include <vector>

#include "runtime/products.h"

#if defined(HYPERGRAD_CBLAS)
#include <cblas.h>
#endif

namespace hypergrad {

namespace {

#if defined(HYPERGRAD_CBLAS)

CBLAS_TRANSPOSE transposition(bool transposed) { return transposed ? CblasTrans : CblasNoTrans; }

void gemm(const ProductShape& s, Matrix<const float> a, Matrix<const float> b, Matrix<float> c) {
  cblas_sgemm(CblasRowMajor, transposition(a.transposed), transposition(b.transposed), s.rows, s.columns, s.inner,
              static_cast<float>(s.factor), a.data, a.leading, b.data, b.leading, s.accumulate ? 1.0f : 0.0f, c.data, c.leading);
}

void gemm(const ProductShape& s, Matrix<const double> a, Matrix<const double> b, Matrix<double> c) {
  cblas_dgemm(CblasRowMajor, transposition(a.transposed), transposition(b.transposed), s.rows, s.columns, s.inner, s.factor, a.data,
              a.leading, b.data, b.leading, s.accumulate ? 1.0 : 0.0, c.data, c.leading);
}

#else

constexpr int32_t tile_rows = 4, tile_columns = 8, panel_columns = 256, panel_inner = 256;

// op(matrix)[row, column].
template <class T>
T element(const Matrix<const T>& matrix, int32_t row, int32_t column) {
  return matrix.transposed ? matrix.data[static_cast<int64_t>(column) * matrix.leading + row]
                           : matrix.data[static_cast<int64_t>(row) * matrix.leading + column];
}

// One tile of C along one panel; beyond the edge the packed numbers are zeros, and are not stored.
template <class T>
void multiply_tile(const T* a, const T* b, int32_t inner, T factor, T* c, int64_t leading, int32_t height, int32_t width) {
  T sums[tile_rows][tile_columns] = {};
  for (int32_t k = 0; k < inner; k++)
    for (int32_t i = 0; i < tile_rows; i++)
      for (int32_t j = 0; j < tile_columns; j++) sums[i][j] += a[k * tile_rows + i] * b[k * tile_columns + j];
  for (int32_t i = 0; i < height; i++)
    for (int32_t j = 0; j < width; j++) c[i * leading + j] += factor * sums[i][j];
}

template <class T>
void multiply_panel(const ProductShape& s, const Matrix<const T>& a, const std::vector<T>& packed_b, std::vector<T>& packed_a, int32_t k0,
                    int32_t inner, int32_t j0, int32_t width, const Matrix<T>& c) {
  for (int32_t i0 = 0; i0 < s.rows; i0 += tile_rows) {
    const int32_t height = std::min(tile_rows, s.rows - i0);
    for (int32_t k = 0; k < inner; k++)
      for (int32_t i = 0; i < tile_rows; i++) packed_a[k * tile_rows + i] = i < height ? element(a, i0 + i, k0 + k) : T(0);
    for (int32_t j = 0; j < width; j += tile_columns)
      multiply_tile(packed_a.data(), packed_b.data() + static_cast<int64_t>(j) * inner, inner, static_cast<T>(s.factor),
                    c.data + static_cast<int64_t>(i0) * c.leading + j0 + j, c.leading, height, std::min(tile_columns, width - j));
  }
}

template <class T>
void gemm(const ProductShape& s, Matrix<const T> a, Matrix<const T> b, Matrix<T> c) {
  thread_local std::vector<T> packed_a(static_cast<size_t>(panel_inner * tile_rows)),
      packed_b(static_cast<size_t>(panel_inner * panel_columns));
  for (int32_t row = 0; row < (s.accumulate ? 0 : s.rows); row++)
    std::fill_n(c.data + static_cast<int64_t>(row) * c.leading, s.columns, T(0));
  for (int32_t j0 = 0; j0 < s.columns; j0 += panel_columns)
    for (int32_t k0 = 0; k0 < s.inner; k0 += panel_inner) {
      const int32_t width = std::min(panel_columns, s.columns - j0), inner = std::min(panel_inner, s.inner - k0);
      for (int32_t j = 0; j < width; j += tile_columns)
        for (int32_t k = 0; k < inner; k++)
          for (int32_t l = 0; l < tile_columns; l++)
            packed_b[static_cast<size_t>(j) * inner + k * tile_columns + l] = j + l < width ? element(b, k0 + k, j0 + j + l) : T(0);
      multiply_panel(s, a, packed_b, packed_a, k0, inner, j0, width, c);
    }
}

#endif

}  // namespace

template <class T>
void multiply_on_host(const ProductShape& shape, Matrix<const T> a, Matrix<const T> b, Matrix<T> c) {
  gemm(shape, a, b, c);
}

template void multiply_on_host(const ProductShape&, Matrix<const float>, Matrix<const float>, Matrix<float>);
template void multiply_on_host(const ProductShape&, Matrix<const double>, Matrix<const double>, Matrix<double>);

}  // namespace hypergrad
