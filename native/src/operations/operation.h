// An operation of a program: four passes over one batch per replica, in the manner of Pearlmutter's R-operator (1994).
//   forward           out = f(in, p)
//   backward          ē = adjoints of the inputs [+]= , gradient of p [+]=
//   tangent forward   ȯut, along a direction of the weights
//   tangent backward  the derivatives of both results of backward along it
#pragma once

#include <memory>
#include <vector>

#include "hypergrad/program.h"
#include "runtime/array.h"
#include "runtime/executor.h"
#include "runtime/products.h"
#include "runtime/step_reference.h"
#include "weights/layout.h"

namespace hypergrad {

// What the passes keep of one value, each [replicas × rows × numbers].
template <class T>
struct ValueBuffers {
  int32_t numbers = 0;                    // of one example
  bool is_constant = false;               // that is, no weight moves it: its tangent is 0, and its adjoint is of interest for dX alone
  Array<T> value, delta;                  // a; ē, none of a constant
  Array<T> value_tangent, delta_tangent;  // made when first asked for; no value_tangent of a constant
};

// Memory that operations use one after the other; each lane of the context has its own.
template <class T>
struct Workspace {
  Array<T> patches;   // windows, side by side
  Array<T> row_sums;  // of chunks of rows
};

// The room that operations need in it, at most.
struct WorkspaceSize {
  int64_t patches = 0, row_sums = 0;
};

// What all operations of a pass have in common.
template <class T>
struct Pass {
  const Context& context;
  int32_t replicas, rows;  // rows: examples of a batch
  bool allow_tf32;
  int64_t stride;  // from one replica's weights to the next one's
  const T* weights;
  Workspace<T>* workspaces;  // of each lane

  bool is_training;  // with dropout
  StepReference step;
  uint64_t dropout_seed;

  const T* direction = nullptr;  // of the tangents
  T* gradient = nullptr;         // replica 0's, of a pass backward: g, or Hu
  bool accumulate = false;       // into the gradient
  bool with_inputs = false;      // the adjoints' tangents go on to the program's input

  int64_t cells(int32_t numbers) const { return static_cast<int64_t>(replicas) * rows * numbers; }
  Workspace<T>& workspace() const { return workspaces[context.lane()]; }
};

// A value that an operation reads. Of all that read it, the first one on the way back overwrites its adjoint, and the others add to it.
template <class T>
struct Input {
  ValueBuffers<T>* buffers;
  bool adds;

  int32_t numbers() const { return buffers->numbers; }
  const T* value() const { return buffers->value.data(); }
  const T* tangent() const { return buffers->value_tangent.data(); }  // null where it is 0
  T* delta() const { return buffers->delta.data(); }                  // null where it is of no interest
  T* delta_tangent(const Pass<T>& pass) const {
    return buffers->is_constant && !pass.with_inputs ? nullptr : buffers->delta_tangent.data();
  }
};

// A parameter that an operation reads; its gradient likewise, which is written in the parameter's lane: nothing else in a pass waits for
// it.
template <class T>
struct Parameter {
  Tensor tensor;
  bool adds;
  int32_t lane;

  const T* value(const Pass<T>& pass) const { return pass.weights + tensor.offset; }
  const T* direction(const Pass<T>& pass) const { return pass.direction + tensor.offset; }
  T* gradient(const Pass<T>& pass) const { return pass.gradient + tensor.offset; }
  bool accumulates(const Pass<T>& pass) const { return adds || pass.accumulate; }
};

template <class T>
class Operation {
 public:
  virtual ~Operation() = default;

  // Room for the tangents; before anything is recorded.
  virtual void prepare_tangents() {}

  virtual void forward(const Pass<T>& pass) = 0;
  virtual void backward(const Pass<T>& pass) = 0;
  virtual void tangent_forward(const Pass<T>& pass) = 0;
  virtual void tangent_backward(const Pass<T>& pass) = 0;
};

// Makes arrays for batches of up to capacity examples; the tangents' are of training batches alone, which may be shorter.
template <class T>
struct Room {
  std::shared_ptr<Context> context;
  int32_t replicas, capacity, training_capacity;

  Array<T> operator()(int32_t numbers) const { return array_of<T>(numbers); }

  template <class Number>
  Array<Number> array_of(int32_t numbers) const {
    return Array<Number>(context, static_cast<int64_t>(replicas) * capacity * numbers);
  }

  Room for_tangents() const { return {context, replicas, training_capacity, training_capacity}; }
};

// What an operation is made from.
template <class T>
struct OperationParts {
  const hg_operation& given;
  std::vector<Input<T>> inputs;
  std::vector<Parameter<T>> parameters;
  ValueBuffers<T>* output;
  Room<T> room;
  WorkspaceSize* workspaces;  // of each lane
};

// One per operation, in its file.
template <class T>
using MakeOperation = std::unique_ptr<Operation<T>> (*)(const OperationParts<T>& parts);

// target = value, or target + value.
template <class T>
HG_BOTH void put(T& target, T value, bool add) {
  target = add ? target + value : value;
}

}  // namespace hypergrad
