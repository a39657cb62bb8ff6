// What the library tells a test of bindings: the structs' sizes and offsets, and the names of the entry points.
#include <cstddef>
#include <cstring>

#include "abi/entry.h"

using namespace hypergrad;

namespace {

struct FieldPlace {
  const char* structure;
  const char* field;
  size_t bytes;
};

#define HG_SIZE(structure) \
  { #structure, nullptr, sizeof(structure) }
#define HG_FIELD(structure, field) \
  { #structure, #field, offsetof(structure, field) }

constexpr FieldPlace places[] = {
    HG_SIZE(hg_device_properties),
    HG_FIELD(hg_device_properties, struct_size),
    HG_FIELD(hg_device_properties, name),
    HG_FIELD(hg_device_properties, total_memory),
    HG_FIELD(hg_device_properties, free_memory),
    HG_FIELD(hg_device_properties, major),
    HG_FIELD(hg_device_properties, minor),
    HG_FIELD(hg_device_properties, multiprocessors),
    HG_FIELD(hg_device_properties, driver_version),
    HG_FIELD(hg_device_properties, runtime_version),
    HG_FIELD(hg_device_properties, usable),
    HG_FIELD(hg_device_properties, blas_version),
    HG_SIZE(hg_session_description),
    HG_FIELD(hg_session_description, struct_size),
    HG_FIELD(hg_session_description, values),
    HG_FIELD(hg_session_description, parameters),
    HG_FIELD(hg_session_description, operations),
    HG_FIELD(hg_session_description, slots),
    HG_FIELD(hg_session_description, coefficients),
    HG_FIELD(hg_session_description, updates),
    HG_FIELD(hg_session_description, inputs),
    HG_FIELD(hg_session_description, targets),
    HG_FIELD(hg_session_description, example_weights),
    HG_FIELD(hg_session_description, batch_offsets),
    HG_FIELD(hg_session_description, batch_examples),
    HG_FIELD(hg_session_description, l2),
    HG_FIELD(hg_session_description, l1),
    HG_FIELD(hg_session_description, seed),
    HG_FIELD(hg_session_description, dropout_seed),
    HG_FIELD(hg_session_description, value_count),
    HG_FIELD(hg_session_description, parameter_count),
    HG_FIELD(hg_session_description, operation_count),
    HG_FIELD(hg_session_description, slot_count),
    HG_FIELD(hg_session_description, coefficient_count),
    HG_FIELD(hg_session_description, update_count),
    HG_FIELD(hg_session_description, output),
    HG_FIELD(hg_session_description, outputs),
    HG_FIELD(hg_session_description, vocabulary),
    HG_FIELD(hg_session_description, has_class_targets),
    HG_FIELD(hg_session_description, loss),
    HG_FIELD(hg_session_description, precision),
    HG_FIELD(hg_session_description, input_type),
    HG_FIELD(hg_session_description, target_type),
    HG_FIELD(hg_session_description, examples),
    HG_FIELD(hg_session_description, sampling),
    HG_FIELD(hg_session_description, batch_size),
    HG_FIELD(hg_session_description, steps),
    HG_FIELD(hg_session_description, replicas),
    HG_FIELD(hg_session_description, allow_tf32),
    HG_FIELD(hg_session_description, dataset),
    HG_SIZE(hg_tensor),
    HG_FIELD(hg_tensor, data),
    HG_FIELD(hg_tensor, device_type),
    HG_FIELD(hg_tensor, device_id),
    HG_FIELD(hg_tensor, dimensions),
    HG_FIELD(hg_tensor, code),
    HG_FIELD(hg_tensor, bits),
    HG_FIELD(hg_tensor, lanes),
    HG_FIELD(hg_tensor, shape),
    HG_FIELD(hg_tensor, strides),
    HG_FIELD(hg_tensor, byte_offset),
    HG_SIZE(hg_hypergradient_request),
    HG_FIELD(hg_hypergradient_request, struct_size),
    HG_FIELD(hg_hypergradient_request, run),
    HG_FIELD(hg_hypergradient_request, initial_weights),
    HG_FIELD(hg_hypergradient_request, inputs),
    HG_FIELD(hg_hypergradient_request, targets),
    HG_FIELD(hg_hypergradient_request, example_weights),
    HG_FIELD(hg_hypergradient_request, l2),
    HG_FIELD(hg_hypergradient_request, l1),
    HG_FIELD(hg_hypergradient_request, validation_inputs),
    HG_FIELD(hg_hypergradient_request, validation_targets),
    HG_FIELD(hg_hypergradient_request, memory_budget),
    HG_FIELD(hg_hypergradient_request, validation_has_class_targets),
    HG_FIELD(hg_hypergradient_request, method),
    HG_FIELD(hg_hypergradient_request, verify_every),
    HG_FIELD(hg_hypergradient_request, snapshots),
    HG_SIZE(hg_hypergradient_result),
    HG_FIELD(hg_hypergradient_result, struct_size),
    HG_FIELD(hg_hypergradient_result, initial_weights),
    HG_FIELD(hg_hypergradient_result, slots),
    HG_FIELD(hg_hypergradient_result, coefficients),
    HG_FIELD(hg_hypergradient_result, l2),
    HG_FIELD(hg_hypergradient_result, l1),
    HG_FIELD(hg_hypergradient_result, inputs),
    HG_FIELD(hg_hypergradient_result, targets),
    HG_FIELD(hg_hypergradient_result, example_weights),
    HG_FIELD(hg_hypergradient_result, final_weights),
    HG_FIELD(hg_hypergradient_result, training_losses),
    HG_FIELD(hg_hypergradient_result, validation_losses),
    HG_FIELD(hg_hypergradient_result, error_rates),
    HG_FIELD(hg_hypergradient_result, validation_loss),
    HG_FIELD(hg_hypergradient_result, bits_per_weight_step),
    HG_FIELD(hg_hypergradient_result, resident_bits_per_weight),
    HG_FIELD(hg_hypergradient_result, entropy_bits_per_weight_step),
    HG_FIELD(hg_hypergradient_result, adjoint_growth),
    HG_FIELD(hg_hypergradient_result, adjoint_growth_step),
    HG_FIELD(hg_hypergradient_result, is_exact),
    HG_FIELD(hg_hypergradient_result, hashes_taken),
    HG_FIELD(hg_hypergradient_result, hashes_met),
    HG_FIELD(hg_hypergradient_result, fault),
    HG_FIELD(hg_hypergradient_result, fault_step),
    HG_FIELD(hg_hypergradient_result, fault_parameter),
    HG_FIELD(hg_hypergradient_result, fault_slot),
    HG_SIZE(hg_group_pattern),
    HG_FIELD(hg_group_pattern, struct_size),
    HG_FIELD(hg_group_pattern, first),
    HG_FIELD(hg_group_pattern, period),
    HG_FIELD(hg_group_pattern, divisor),
    HG_SIZE(hg_slot),
    HG_FIELD(hg_slot, struct_size),
    HG_FIELD(hg_slot, is_second_moment),
    HG_FIELD(hg_slot, name),
    HG_SIZE(hg_coefficient),
    HG_FIELD(hg_coefficient, struct_size),
    HG_FIELD(hg_coefficient, groups),
    HG_FIELD(hg_coefficient, patterns),
    HG_FIELD(hg_coefficient, values),
    HG_FIELD(hg_coefficient, numerators),
    HG_FIELD(hg_coefficient, denominators),
    HG_FIELD(hg_coefficient, name),
    HG_SIZE(hg_update),
    HG_FIELD(hg_update, struct_size),
    HG_FIELD(hg_update, kind),
    HG_FIELD(hg_update, target),
    HG_FIELD(hg_update, coefficient),
    HG_FIELD(hg_update, function),
    HG_FIELD(hg_update, direction),
    HG_FIELD(hg_update, slot),
    HG_FIELD(hg_update, second_slot),
    HG_FIELD(hg_update, correction),
    HG_FIELD(hg_update, second_correction),
    HG_FIELD(hg_update, epsilon),
    HG_FIELD(hg_update, reserved),
    HG_SIZE(hg_adjoint),
    HG_FIELD(hg_adjoint, struct_size),
    HG_FIELD(hg_adjoint, slot_count),
    HG_FIELD(hg_adjoint, coefficient_count),
    HG_FIELD(hg_adjoint, reserved),
    HG_FIELD(hg_adjoint, weights),
    HG_FIELD(hg_adjoint, slots),
    HG_FIELD(hg_adjoint, coefficients),
    HG_SIZE(hg_window),
    HG_FIELD(hg_window, struct_size),
    HG_FIELD(hg_window, input_height),
    HG_FIELD(hg_window, input_width),
    HG_FIELD(hg_window, channels),
    HG_FIELD(hg_window, kernel_height),
    HG_FIELD(hg_window, kernel_width),
    HG_FIELD(hg_window, stride_height),
    HG_FIELD(hg_window, stride_width),
    HG_FIELD(hg_window, padding_height),
    HG_FIELD(hg_window, padding_width),
    HG_SIZE(hg_value),
    HG_FIELD(hg_value, struct_size),
    HG_FIELD(hg_value, numbers),
    HG_SIZE(hg_parameter),
    HG_FIELD(hg_parameter, struct_size),
    HG_FIELD(hg_parameter, rows),
    HG_FIELD(hg_parameter, columns),
    HG_FIELD(hg_parameter, reserved),
    HG_FIELD(hg_parameter, name),
    HG_SIZE(hg_operation),
    HG_FIELD(hg_operation, struct_size),
    HG_FIELD(hg_operation, kind),
    HG_FIELD(hg_operation, input),
    HG_FIELD(hg_operation, other),
    HG_FIELD(hg_operation, output),
    HG_FIELD(hg_operation, first),
    HG_FIELD(hg_operation, second),
    HG_FIELD(hg_operation, activation),
    HG_FIELD(hg_operation, is_maximum),
    HG_FIELD(hg_operation, is_transposed),
    HG_FIELD(hg_operation, is_causal),
    HG_FIELD(hg_operation, positions),
    HG_FIELD(hg_operation, groups),
    HG_FIELD(hg_operation, heads),
    HG_FIELD(hg_operation, rows),
    HG_FIELD(hg_operation, columns),
    HG_FIELD(hg_operation, depth),
    HG_FIELD(hg_operation, left_row_stride),
    HG_FIELD(hg_operation, left_head_stride),
    HG_FIELD(hg_operation, right_row_stride),
    HG_FIELD(hg_operation, right_head_stride),
    HG_FIELD(hg_operation, result_row_stride),
    HG_FIELD(hg_operation, result_head_stride),
    HG_FIELD(hg_operation, ordinal),
    HG_FIELD(hg_operation, factor),
    HG_FIELD(hg_operation, rate),
    HG_FIELD(hg_operation, window),
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
    for (const FieldPlace& place : places)
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
