// The four passes of a program over one batch per replica.
#pragma once

#include <memory>
#include <vector>

#include "operations/operation.h"
#include "operations/program.h"

namespace hypergrad {

template <class T>
class Passes {
 public:
  // Room for batches of up to capacity examples, those with tangents up to training_capacity. Layout and program outlive the passes.
  Passes(std::shared_ptr<Context> context, const Layout& layout, const Program& program, bool allow_tf32, int32_t capacity,
         int32_t training_capacity);

  // What a pass over some rows of each replica works on; the value 0 is filled by the caller.
  Pass<T> begin(int32_t rows, const T* weights);

  void forward(const Pass<T>& pass);
  // After the adjoint of the output was written.
  void backward(const Pass<T>& pass);

  // Room for the tangents; before anything is recorded.
  void prepare_tangents(bool with_inputs);
  void tangent_forward(const Pass<T>& pass);
  // After the tangent of the output's adjoint was written.
  void tangent_backward(const Pass<T>& pass);

  ValueBuffers<T>& input() { return values_.front(); }
  ValueBuffers<T>& output() { return values_[static_cast<size_t>(program_.output)]; }

 private:
  bool is_constant(size_t operation) const { return program_.is_constant[static_cast<size_t>(program_.steps[operation].given.output)]; }

  const Layout& layout_;
  const Program& program_;
  Room<T> room_;
  bool allow_tf32_;
  Workspace<T> workspaces_[Context::lanes];
  std::vector<ValueBuffers<T>> values_;
  std::vector<std::unique_ptr<Operation<T>>> operations_;
};

}  // namespace hypergrad
