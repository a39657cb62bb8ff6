// The minibatch of each replica: which examples, what each counts with, and their numbers gathered from the dataset.
#pragma once

#include <cmath>

#include "data/minibatch_plan.h"
#include "runtime/array.h"
#include "runtime/executor.h"
#include "runtime/step_reference.h"

namespace hypergrad {

// Numbers of single or double precision, whichever pointer is not null.
struct TableView {
  const float* single;
  const double* wide;

  template <class T>
  HG_BOTH T get(int64_t i) const {
    return single != nullptr ? static_cast<T>(single[i]) : static_cast<T>(wide[i]);
  }
};

// A table of this program, checked to be finite and copied to the context in its own precision.
class Table {
 public:
  Table() = default;
  // Bound: 0, or the numbers are whole ones below it.
  Table(const std::shared_ptr<Context>& context, const void* values, int32_t type, int64_t rows, int32_t columns, int32_t bound,
        const char* name)
      : columns_(columns) {
    require_pointer(values, name);
    require(type == HG_SINGLE || type == HG_DOUBLE, "The type of ", name, " is ", type, "; it must be HG_SINGLE or HG_DOUBLE.");
    const int64_t count = rows * columns;
    if (type == HG_SINGLE)
      single_ = Array<float>(context, checked(static_cast<const float*>(values), count, bound, name), count);
    else
      wide_ = Array<double>(context, checked(static_cast<const double*>(values), count, bound, name), count);
  }

  TableView view() const { return {single_.data(), wide_.data()}; }
  int32_t columns() const { return columns_; }

  // The same check for a bound that was not known when the numbers were copied.
  void require_whole_below(int32_t bound, const char* name) const {
    const Odd& worst = first_fraction_.place >= 0 ? first_fraction_ : largest_;
    if (first_fraction_.place >= 0 || largest_.value >= bound) refuse(worst.place, worst.value, bound, name);
  }

 private:
  struct Odd {
    int64_t place = -1;
    double value = -1;
  };

  template <class T>
  const T* checked(const T* values, int64_t count, int32_t bound, const char* name) {
    for (int64_t i = 0; i < count; i++) {
      require(std::isfinite(values[i]), "Example ", i / columns_, " of ", name, " holds a number at position ", i % columns_,
              " that is not finite.");
      const bool is_whole = values[i] >= T(0) && values[i] == std::floor(values[i]);
      if (bound != 0 && !(is_whole && values[i] < static_cast<T>(bound))) refuse(i, static_cast<double>(values[i]), bound, name);
      if (!is_whole && first_fraction_.place < 0) first_fraction_ = {i, static_cast<double>(values[i])};
      if (static_cast<double>(values[i]) > largest_.value) largest_ = {i, static_cast<double>(values[i])};
    }
    return values;
  }

  [[noreturn]] void refuse(int64_t place, double value, int32_t bound, const char* name) const {
    fail(HG_INVALID_ARGUMENT, "Example ", place / columns_, " of ", name, " holds ", value, " at position ", place % columns_,
         "; it must be a whole number from 0 to ", bound - 1, ".");
  }

  int32_t columns_ = 0;
  Odd first_fraction_, largest_;  // the first number that is none from 0 on without a fraction; the largest one
  Array<float> single_;
  Array<double> wide_;
};

// Inputs and targets on the context.
struct ExampleTable : Object {
  int32_t count = 0, target_columns = 0;  // numbers of a target
  bool has_classes = false;               // targets are class numbers
  Table inputs, targets;
  const Context* shared_on = nullptr;  // the context for all of whose sessions it is, or null
};

// The examples of a step. Batches shorter than the longest are filled up with −1: such rows count nothing.
template <class T>
struct FillFromPlan {
  MinibatchPlan plan;
  StepReference step;
  const double* example_weights;  // ω, or null
  int32_t rows;
  int32_t* examples;  // [replicas × rows]
  T* factors;         // [replicas × rows], ω/B

  HG_BOTH void operator()(int64_t i) const {
    const int32_t t = step.get(), replica = static_cast<int32_t>(i / rows), row = static_cast<int32_t>(i % rows), size = plan.size(t);
    const int32_t example = row < size ? plan.example(t, replica, row) : -1;
    examples[i] = example;
    factors[i] = example < 0 ? T(0) : static_cast<T>((example_weights != nullptr ? example_weights[example] : 1.0) / size);
  }
};

// Examples start, start + 1, … of a dataset, the same for every replica, each counting 1/count.
template <class T>
struct FillInOrder {
  int32_t start, count, rows;
  int32_t* examples;
  T* factors;

  HG_BOTH void operator()(int64_t i) const {
    examples[i] = start + static_cast<int32_t>(i % rows);
    factors[i] = T(1) / static_cast<T>(count);
  }
};

template <class T>
struct GatherRows {
  TableView source;         // [examples × columns]
  const int32_t* examples;  // [planes × rows]
  int32_t rows, columns;
  T* target;  // [planes × rows × columns]

  HG_BOTH void operator()(int32_t plane, int32_t row, int32_t column) const {
    const int64_t at = static_cast<int64_t>(plane) * rows + row;
    const int64_t example = examples[at] < 0 ? 0 : examples[at];
    target[at * columns + column] = source.get<T>(example * columns + column);
  }
};

// The example of a row.
struct ExampleOf {
  const int32_t* examples;

  HG_BOTH int32_t operator()(int64_t i) const { return examples[i]; }
};

}  // namespace hypergrad
