// Numbers of one replica's weights between this program and a session's vectors, as doubles.
#pragma once

#include <vector>

#include "session/session.h"

namespace hypergrad {

// Rounded to the session's precision.
template <class T>
void write_numbers(const SessionOf<T>& session, Vector<T>& vector, int32_t replica, int32_t first, int32_t count, const double* values) {
  const std::vector<T> numbers(values, values + count);
  session.context->copy_in(vector.data() + replica * session.layout.stride + first, numbers.data(), numbers.size() * sizeof(T));
}

// Waits for what is queued, and does not ask whether training diverged.
template <class T>
void read_numbers(const SessionOf<T>& session, Vector<T>& vector, int32_t replica, int32_t first, int32_t count, double* values) {
  std::vector<T> numbers(static_cast<size_t>(count));
  session.context->copy_out(numbers.data(), vector.data() + replica * session.layout.stride + first, numbers.size() * sizeof(T));
  for (int32_t i = 0; i < count; i++) values[i] = static_cast<double>(numbers[static_cast<size_t>(i)]);
}

// All weights of a replica.
template <class T>
std::vector<double> read_numbers(const SessionOf<T>& session, Vector<T>& vector, int32_t replica) {
  std::vector<double> values(static_cast<size_t>(session.layout.weight_count));
  read_numbers(session, vector, replica, 0, session.layout.weight_count, values.data());
  return values;
}

}  // namespace hypergrad
