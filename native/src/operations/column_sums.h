// Sums over all rows of a batch, column by column, such as ∂b = Σ δ: chunks of rows first, rows in their order, then the chunks in theirs,
// so that the sum is the same every time.
#pragma once

#include <algorithm>
#include <cmath>

#include "operations/operation.h"

namespace hypergrad {

inline int32_t rows_per_chunk(int32_t rows) { return std::max(32, static_cast<int32_t>(std::sqrt(static_cast<double>(rows)))); }

inline int32_t chunks_of(int32_t rows) { return (rows + rows_per_chunk(rows) - 1) / rows_per_chunk(rows); }

// A term is T operator()(replica, row, column).
template <class T, class Term>
struct SumRowChunk {
  Term term;
  int32_t rows, columns, chunk, chunks;
  T* sums;  // [replicas × chunks × columns]

  HG_BOTH void operator()(int32_t replica, int32_t part, int32_t column) const {
    const int32_t end = rows - part * chunk > chunk ? (part + 1) * chunk : rows;
    T sum = 0;
    for (int32_t row = part * chunk; row < end; row++) sum += term(replica, row, column);
    sums[(static_cast<int64_t>(replica) * chunks + part) * columns + column] = sum;
  }
};

template <class T>
struct SumChunks {
  const T* sums;
  int32_t chunks, columns;
  T* target;  // replica 0's
  int64_t stride;
  bool accumulate;

  HG_BOTH void operator()(int32_t replica, int32_t, int32_t column) const {
    T* at = target + replica * stride + column;
    T sum = accumulate ? *at : T(0);
    for (int32_t part = 0; part < chunks; part++) sum += sums[(static_cast<int64_t>(replica) * chunks + part) * columns + column];
    *at = sum;
  }
};

// Notes the room that the sums of a parameter over up to this many rows need.
template <class T>
void reserve_sums(const OperationParts<T>& parts, const Parameter<T>& parameter, int64_t rows, int32_t columns) {
  // Shorter batches may have as many chunks.
  const int64_t chunks = std::min<int64_t>(rows / 32, static_cast<int64_t>(std::sqrt(static_cast<double>(rows))) + 2) + 1;
  int64_t& room = parts.workspaces[parameter.lane].row_sums;
  room = std::max(room, parts.room.replicas * chunks * columns);
}

// A parameter's gradient [+]= the sums.
template <class T, class Term>
void sum_columns(const Pass<T>& pass, int32_t rows, int32_t columns, const Term& term, const Parameter<T>& parameter) {
  const int32_t chunk = rows_per_chunk(rows), chunks = chunks_of(rows);
  pass.context.beside(parameter.lane, [&] {
    T* sums = pass.workspace().row_sums.data();
    for_each_cell(pass.context, pass.replicas, chunks, columns, SumRowChunk<T, Term>{term, rows, columns, chunk, chunks, sums});
    for_each_cell(pass.context, pass.replicas, 1, columns,
                  SumChunks<T>{sums, chunks, columns, parameter.gradient(pass), pass.stride, parameter.accumulates(pass)});
  });
}

// The term that is a matrix itself, [replicas × rows × columns].
template <class T>
struct MatrixTerm {
  const T* source;
  int32_t rows, columns;

  HG_BOTH T operator()(int32_t replica, int32_t row, int32_t column) const {
    return source[(static_cast<int64_t>(replica) * rows + row) * columns + column];
  }
};

}  // namespace hypergrad
