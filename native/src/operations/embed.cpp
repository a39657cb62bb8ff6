// out = the rows of a table that tokens name. Going back, the positions of each token are linked, so that one thread gathers for each
// number of the table, in the order of the positions.
#include "operations/registry.h"
#include "operations/repeats.h"

namespace hypergrad {

namespace {

// What it reads, and what must fit.
void check(const OperationCheck& operation) {
  const hg_operation& g = operation.step.given;
  const int32_t tokens = operation.read_value(g.input);
  const Tensor& table = operation.read_parameter(g.first);
  operation.need(g.input == 0 && operation.program.vocabulary > 0, "reads tokens, which value 0 of a program with a vocabulary alone has.");
  operation.need(table.rows == operation.program.vocabulary, "has a table of ", table.rows, " rows for a vocabulary of ",
                 operation.program.vocabulary, "; both must be as many.");
  operation.need_output(static_cast<int64_t>(tokens) * table.columns);
}

template <class T>
struct LookUp {
  const T* tokens;  // [replicas × rows × length]
  const T* table;   // replica 0's
  int64_t stride;
  int32_t positions, width;  // positions: of a replica's batch
  T* output;

  HG_BOTH void operator()(int32_t replica, int32_t position, int32_t column) const {
    const int64_t at = static_cast<int64_t>(replica) * positions + position;
    output[at * width + column] = table[replica * stride + static_cast<int64_t>(tokens[at]) * width + column];
  }
};

template <class T>
struct TokenOf {
  const T* tokens;

  HG_BOTH int32_t operator()(int64_t i) const { return static_cast<int32_t>(tokens[i]); }
};

template <class T>
struct ClearTable {
  T* gradient;
  int64_t stride;
  int32_t width;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t column) const {
    gradient[replica * stride + static_cast<int64_t>(row) * width + column] = T(0);
  }
};

template <class T>
struct GatherToTable {
  const T* tokens;
  const int32_t* is_first;
  const int32_t* next;
  const T* delta;
  int32_t positions, width;
  T* gradient;
  int64_t stride;

  HG_BOTH void operator()(int32_t replica, int32_t position, int32_t column) const {
    const int64_t start = static_cast<int64_t>(replica) * positions;
    if (is_first[start + position] == 0) return;
    T* at = gradient + replica * stride + static_cast<int64_t>(tokens[start + position]) * width + column;
    T sum = *at;
    for (int32_t p = position; p >= 0; p = next[start + p]) sum += delta[(start + p) * width + column];
    *at = sum;
  }
};

template <class T>
class Embed : public Operation<T> {
 public:
  explicit Embed(const OperationParts<T>& parts)
      : input_(parts.inputs[0]),
        table_(parts.parameters[0]),
        output_(*parts.output),
        is_first_(parts.room.template array_of<int32_t>(input_.numbers())),
        next_(parts.room.template array_of<int32_t>(input_.numbers())) {}

  void forward(const Pass<T>& pass) override { look_up(pass, table_.value(pass), output_.value.data()); }

  void backward(const Pass<T>& pass) override {
    pass.context.beside(table_.lane, [&] {
      for_each_index(pass.context, pass.cells(input_.numbers()),
                     LinkRepeats<TokenOf<T>>{{input_.value()}, positions(pass), is_first_.data(), next_.data()});
      gather(pass, output_.delta.data());
    });
  }

  void tangent_forward(const Pass<T>& pass) override { look_up(pass, table_.direction(pass), output_.value_tangent.data()); }

  void tangent_backward(const Pass<T>& pass) override {
    pass.context.beside(table_.lane, [&] { gather(pass, output_.delta_tangent.data()); });
  }

 private:
  int32_t positions(const Pass<T>& pass) const { return pass.rows * input_.numbers(); }
  int32_t width() const { return table_.tensor.columns; }

  void look_up(const Pass<T>& pass, const T* table, T* output) {
    for_each_cell(pass.context, pass.replicas, positions(pass), width(),
                  LookUp<T>{input_.value(), table, pass.stride, positions(pass), width(), output});
  }

  void gather(const Pass<T>& pass, const T* delta) {
    if (!table_.accumulates(pass))
      for_each_cell(pass.context, pass.replicas, table_.tensor.rows, width(), ClearTable<T>{table_.gradient(pass), pass.stride, width()});
    for_each_cell(pass.context, pass.replicas, positions(pass), width(),
                  GatherToTable<T>{input_.value(), is_first_.data(), next_.data(), delta, positions(pass), width(), table_.gradient(pass),
                                   pass.stride});
  }

  Input<T> input_;
  Parameter<T> table_;
  ValueBuffers<T>& output_;
  Array<int32_t> is_first_, next_;  // [replicas × rows × length]
};

}  // namespace

HG_DEFINE_OPERATION(embed, "embed", Embed)

}  // namespace hypergrad
