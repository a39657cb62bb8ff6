// Vectors, coefficient vectors and data vectors.
#include "abi/entry.h"
#include "session/transfers.h"
#include "updates/coefficient_vector.h"

using namespace hypergrad;

namespace {

// The session's kind of vector over the caller's memory.
template <class T>
std::shared_ptr<Vector<T>> adopt(const SessionOf<T>& session, void* values, int64_t bytes) {
  const Layout& layout = session.layout;
  const int64_t count = static_cast<int64_t>(layout.replicas) * layout.weight_count, size = static_cast<int64_t>(sizeof(T));
  require(bytes == count * size, "The memory has ", bytes, " bytes; a vector of ", layout.replicas, " replicas of ", layout.weight_count,
          " weights has ", count * size, ".");
  require(reinterpret_cast<uintptr_t>(values) % sizeof(T) == 0, "The memory is not aligned to its numbers of ", size, " bytes.");
  if (layout.extent() != count)
    fail(HG_UNSUPPORTED, "Vectors of ", layout.replicas, " replicas of ", layout.weight_count, " weights are padded to ", layout.stride,
         " each; adopt memory for one replica, or copy.");
  session.context->require_own_memory(values, static_cast<size_t>(bytes));
  return std::make_shared<Vector<T>>(session, static_cast<T*>(values));
}

}  // namespace

hg_status hg_vector_create(hg_handle session, hg_handle* vector) {
  return with_typed_session(session, [&](auto& s) {
    using VectorType = std::decay_t<decltype(*s.weights)>;
    create_object(s, session, Kind::vector, vector, [&] { return std::make_shared<VectorType>(s); });
  });
}

hg_status hg_vector_adopt(hg_handle session, void* values, int64_t bytes, hg_handle* vector) {
  return with_typed_session(session, [&](auto& s) {
    require_pointer(values, "values");
    create_object(s, session, Kind::vector, vector, [&] { return adopt(s, values, bytes); });
  });
}

hg_status hg_vector_address(hg_handle session, hg_handle vector, void** values, int64_t* stride) {
  return with_typed_session(session, [&](auto& s) {
    const auto found = vector_of(s, session, vector, "vector");
    require_pointer(values, "values");
    require_pointer(stride, "stride");
    *values = found->data();
    *stride = s.layout.stride;
  });
}

hg_status hg_vector_write(hg_handle session, hg_handle vector, int32_t replica, int32_t first, int32_t count, const double* values) {
  return with_typed_session(session, [&](auto& s) {
    const auto target = vector_of(s, session, vector, "vector");
    require_pointer(values, "values");
    s.require_piece(replica, first, count);
    s.require_not_recording("Writing");
    write_numbers(s, *target, replica, first, count, values);
  });
}

hg_status hg_vector_read(hg_handle session, hg_handle vector, int32_t replica, int32_t first, int32_t count, double* values) {
  return with_typed_session(session, [&](auto& s) {
    const auto source = vector_of(s, session, vector, "vector");
    require_pointer(values, "values");
    s.require_piece(replica, first, count);
    s.require_not_recording("Reading");
    read_numbers(s, *source, replica, first, count, values);
    s.synchronize();
  });
}

hg_status hg_vector_copy(hg_handle session, hg_handle source, hg_handle target) {
  return with_typed_session(session,
                            [&](auto& s) { s.copy(vector_of(s, session, source, "source"), vector_of(s, session, target, "target")); });
}

hg_status hg_vector_clear(hg_handle session, hg_handle target) {
  return with_typed_session(session, [&](auto& s) { s.clear(vector_of(s, session, target, "target")); });
}

hg_status hg_vector_add(hg_handle session, hg_handle source, hg_handle target) {
  return with_typed_session(session,
                            [&](auto& s) { s.add(vector_of(s, session, source, "source"), vector_of(s, session, target, "target")); });
}

hg_status hg_coefficient_vector_create(hg_handle session, int32_t coefficient, hg_handle* table) {
  return with_session(session, [&](Session& s) {
    const size_t count = s.optimizer.coefficients.size();
    require(coefficient >= 0 && static_cast<size_t>(coefficient) < count, "There are ", count,
            " coefficients, numbered from 0; coefficient ", coefficient, " was asked for.");
    create_object(s, session, Kind::coefficient_vector, table, [&] { return std::make_shared<CoefficientVector>(s, coefficient); });
  });
}

hg_status hg_coefficient_vector_read(hg_handle session, hg_handle table, int32_t replica, int64_t count, double* values) {
  return with_session(session, [&](Session& s) {
    const auto source = object_of<CoefficientVector>(session, table, Kind::coefficient_vector, "table");
    require_pointer(values, "values");
    s.require_replica(replica);
    s.require_not_recording("Reading");
    const int64_t size = static_cast<int64_t>(s.steps) * source->groups;
    require(count == size, "The table of one replica has ", size, " numbers; ", count, " were asked for.");
    s.context->copy_out(values, source->table.data() + replica * size, static_cast<size_t>(size) * sizeof(double));
    s.synchronize();
  });
}

hg_status hg_data_vector_create(hg_handle session, int32_t parts, hg_handle* data) {
  return with_session(session, [&](Session& s) {
    require(parts >= 1 && parts <= (HG_INPUTS | HG_TARGETS | HG_EXAMPLE_WEIGHTS), "The parts are ", parts,
            "; they must be one or more of 1, 2 and 4, joined.");
    create_object(s, session, Kind::data_vector, data, [&] { return std::make_shared<DataVector>(s, parts); });
  });
}

hg_status hg_data_vector_read(hg_handle session, hg_handle data, int32_t part, int32_t replica, int64_t first, int64_t count,
                              double* values) {
  return with_session(session, [&](Session& s) {
    const auto source = object_of<DataVector>(session, data, Kind::data_vector, "data");
    require_pointer(values, "values");
    s.require_replica(replica);
    s.require_not_recording("Reading");
    require(part == HG_INPUTS || part == HG_TARGETS || part == HG_EXAMPLE_WEIGHTS, "The part is ", part, "; it must be one of 1, 2 and 4.");
    const Array<double>& numbers = part == HG_INPUTS ? source->inputs : part == HG_TARGETS ? source->targets : source->weights;
    require(numbers.data() != nullptr, "Part ", part, " was not asked for when the data vector was made.");
    const int64_t size = numbers.count() / s.replicas;
    require(first >= 0 && count >= 0 && first <= size && count <= size - first, "The part has ", size, " numbers; ", count, " from ", first,
            " on were asked for.");
    s.context->copy_out(values, numbers.data() + replica * size + first, static_cast<size_t>(count) * sizeof(double));
    s.synchronize();
  });
}
