/*
 * quantity: amounts as Kubernetes writes them: "100m", "64Mi", "1e3", "0.5".
 *
 * A decimal number with one of n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent;
 * "1K", " 1" and "1 Gi" are none (apimachinery's resource.Quantity).
 */
#ifndef RUNPOD_SPEC_QUANTITY_H
#define RUNPOD_SPEC_QUANTITY_H

#include <stdint.h>

#include "base/text.h"

/* In whole units, rounded up (Value()). Returns 0; -EINVAL for what is no quantity; -ERANGE beyond int64_t. */
int quantity_value(const char *text, int64_t *ret_value);

/* In thousandths, rounded up (MilliValue()): cpu. */
int quantity_milli(const char *text, int64_t *ret_milli);

/* The canonical form that Kubernetes prints: "0.5" → "500m", "1024Mi" → "1Gi"; what it takes for canonical
 * stays ("1.500", "1E3"), and here what is 10^29 or more. The caller owns it; NULL when it is no quantity. */
char *quantity_canonical(const char *text);

#endif
