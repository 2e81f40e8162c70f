/*
 * record_shapes: the tables by which the records of record.h become JSON and
 * come back, are copied and freed (see fields.h).
 */
#ifndef RUNPOD_STORE_RECORD_SHAPES_H
#define RUNPOD_STORE_RECORD_SHAPES_H

#include "spec/fields.h"

extern const struct shape pod_record_shape, ctr_record_shape, ctr_state_shape, pod_state_shape,
	exit_record_shape;

#endif
