/* Vectors of one number per weight, tables of one number per step and group, numbers shaped like the training data. */
#ifndef HYPERGRAD_VECTORS_H
#define HYPERGRAD_VECTORS_H

#include "hypergrad/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Parts of a data vector, to be joined by |. */
typedef enum hg_data_part { HG_INPUTS = 1, HG_TARGETS = 2, HG_EXAMPLE_WEIGHTS = 4 } hg_data_part;

/* A new vector [R × P], zero. */
HG_API hg_status hg_vector_create(hg_handle session, hg_handle* vector);

/* A vector over memory that the caller keeps, packed [R × P] numbers of the session's precision: in this program's memory for a session on
 * the host, device or managed memory of the session's device otherwise. Nothing is copied or cleared, and destroying the vector leaves the
 * memory alone. The memory must outlive the vector and the bodies recorded with it, and must not be given back before queued work is done
 * (hg_session_synchronize). It must overlap no other vector of a call. HG_INVALID_ARGUMENT: bytes is not R · P numbers, or the memory is
 * not aligned to its numbers or not the device's. HG_UNSUPPORTED: more than one replica, where vectors are padded (P is not a multiple of
 * 32). */
HG_API hg_status hg_vector_adopt(hg_handle session, void* values, int64_t bytes, hg_handle* vector);

/* Where a vector's numbers are, [R × stride] of the session's precision; of the stride, the first P are the replica's, and what is between
 * them and the next replica's is to be left alone. On the device: for work on the context's stream, or ordered after it. */
HG_API hg_status hg_vector_address(hg_handle session, hg_handle vector, void** values, int64_t* stride);

/* Numbers first … first + count − 1 of one replica, in: rounded to the session's precision. */
HG_API hg_status hg_vector_write(hg_handle session, hg_handle vector, int32_t replica, int32_t first, int32_t count, const double* values);

/* And out. Waits. */
HG_API hg_status hg_vector_read(hg_handle session, hg_handle vector, int32_t replica, int32_t first, int32_t count, double* values);

/* target ← source. */
HG_API hg_status hg_vector_copy(hg_handle session, hg_handle source, hg_handle target);

/* target ← 0. */
HG_API hg_status hg_vector_clear(hg_handle session, hg_handle target);

/* target ← target + source. */
HG_API hg_status hg_vector_add(hg_handle session, hg_handle source, hg_handle target);

/* A new table [R × T × groups] of doubles for the gradient of a coefficient of the optimizer, zero. */
HG_API hg_status hg_coefficient_vector_create(hg_handle session, int32_t coefficient, hg_handle* table);

/* One replica's table, out: count is T · groups. Waits. */
HG_API hg_status hg_coefficient_vector_read(hg_handle session, hg_handle table, int32_t replica, int64_t count, double* values);

/* New numbers shaped like the training data, doubles, zero: the parts asked for, hg_data_part joined. Tokens and class numbers have none.
 */
HG_API hg_status hg_data_vector_create(hg_handle session, int32_t parts, hg_handle* data);

/* One replica's numbers first … first + count − 1 of one part, out: of [examples × D], [examples × N] or [examples]. Waits. */
HG_API hg_status hg_data_vector_read(hg_handle session, hg_handle data, int32_t part, int32_t replica, int64_t first, int64_t count,
                                     double* values);

#ifdef __cplusplus
}
#endif

#endif
