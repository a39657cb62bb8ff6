// What the library tells a test of bindings: the structs' sizes and offsets, and the names of the entry points.
#include <cstddef>
#include <cstring>

#include "abi/entry.h"

using namespace hypergrad;

namespace {

struct Place {
  const char* structure;
  const char* field;
  size_t bytes;
};

#define HG_SIZE(structure) \
  { #structure, nullptr, sizeof(structure) }
#define HG_FIELD(structure, field) \
  { #structure, #field, offsetof(structure, field) }

constexpr Place places[] = {
    HG_SIZE(hg_device_properties),
    HG_FIELD(hg_device_properties, name),
    HG_FIELD(hg_device_properties, total_memory),
    HG_FIELD(hg_device_properties, free_memory),
    HG_FIELD(hg_device_properties, major),
    HG_FIELD(hg_device_properties, minor),
    HG_FIELD(hg_device_properties, multiprocessors),
    HG_FIELD(hg_device_properties, driver_version),
    HG_FIELD(hg_device_properties, runtime_version),
    HG_FIELD(hg_device_properties, usable),
    HG_SIZE(hg_group_pattern),
    HG_FIELD(hg_group_pattern, first),
    HG_FIELD(hg_group_pattern, period),
    HG_FIELD(hg_group_pattern, divisor),
    HG_SIZE(hg_session_description),
    HG_FIELD(hg_session_description, layers),
    HG_FIELD(hg_session_description, inputs),
    HG_FIELD(hg_session_description, targets),
    HG_FIELD(hg_session_description, example_weights),
    HG_FIELD(hg_session_description, batch_offsets),
    HG_FIELD(hg_session_description, batch_examples),
    HG_FIELD(hg_session_description, learning_rate_patterns),
    HG_FIELD(hg_session_description, momentum_patterns),
    HG_FIELD(hg_session_description, learning_rates),
    HG_FIELD(hg_session_description, momenta),
    HG_FIELD(hg_session_description, l2),
    HG_FIELD(hg_session_description, l1),
    HG_FIELD(hg_session_description, seed),
    HG_FIELD(hg_session_description, layer_count),
    HG_FIELD(hg_session_description, activation),
    HG_FIELD(hg_session_description, loss),
    HG_FIELD(hg_session_description, precision),
    HG_FIELD(hg_session_description, input_type),
    HG_FIELD(hg_session_description, target_type),
    HG_FIELD(hg_session_description, examples),
    HG_FIELD(hg_session_description, sampling),
    HG_FIELD(hg_session_description, batch_size),
    HG_FIELD(hg_session_description, steps),
    HG_FIELD(hg_session_description, learning_rate_groups),
    HG_FIELD(hg_session_description, momentum_groups),
    HG_FIELD(hg_session_description, replicas),
    HG_FIELD(hg_session_description, allow_tf32),
};

constexpr const char* entry_points[] = {
#include "abi/entry_points.inc"
};

bool is_same(const char* a, const char* b) { return a == nullptr || b == nullptr ? a == b : std::strcmp(a, b) == 0; }

}  // namespace

hg_status hg_layout(const char* structure, const char* field, int64_t* bytes) {
  return guarded([&] {
    require_pointer(structure, "structure");
    require_pointer(bytes, "bytes");
    for (const Place& place : places)
      if (is_same(place.structure, structure) && is_same(place.field, field)) {
        *bytes = static_cast<int64_t>(place.bytes);
        return;
      }
    fail(HG_INVALID_ARGUMENT, "There is no struct ", structure, field == nullptr ? "" : " with a field ", field == nullptr ? "" : field,
         ".");
  });
}

hg_status hg_entry_point(int32_t index, const char** name) {
  return guarded([&] {
    require_pointer(name, "name");
    constexpr int32_t count = static_cast<int32_t>(sizeof entry_points / sizeof *entry_points);
    require(index >= 0 && index < count, "There are ", count, " entry points, numbered from 0; number ", index, " was asked for.");
    *name = entry_points[index];
  });
}
