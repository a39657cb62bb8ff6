// Where every operation is registered: its file offers it in both precisions, and the table in program.cpp lists it under its kind.
#pragma once

#include "operations/operation.h"

namespace hypergrad {

#define HG_DECLARE_OPERATION(make) \
  template <class T>               \
  std::unique_ptr<Operation<T>> make(const OperationParts<T>& parts)

HG_DECLARE_OPERATION(make_affine);
HG_DECLARE_OPERATION(make_activate);
HG_DECLARE_OPERATION(make_pool);
HG_DECLARE_OPERATION(make_add);
HG_DECLARE_OPERATION(make_add_parameter);
HG_DECLARE_OPERATION(make_normalize);
HG_DECLARE_OPERATION(make_embed);
HG_DECLARE_OPERATION(make_batched_product);
HG_DECLARE_OPERATION(make_row_softmax);
HG_DECLARE_OPERATION(make_drop_units);
#undef HG_DECLARE_OPERATION

#define HG_DEFINE_OPERATION(make, Class)                                               \
  template <class T>                                                                   \
  std::unique_ptr<Operation<T>> make(const OperationParts<T>& parts) {                 \
    return std::make_unique<Class<T>>(parts);                                          \
  }                                                                                    \
  template std::unique_ptr<Operation<float>> make(const OperationParts<float>& parts); \
  template std::unique_ptr<Operation<double>> make(const OperationParts<double>& parts);

}  // namespace hypergrad
