/*
 * base64: bytes as text (RFC 4648, section 4), as the data of Kubernetes' Secrets are written.
 */
#ifndef RUNPOD_BASE_BASE64_H
#define RUNPOD_BASE_BASE64_H

#include <stddef.h>

#include "base/text.h"

/* bytes as text, with padding and in one line. The caller owns it. */
char *base64_encode(const void *bytes, size_t length);

/* Appends what text stands for to ret_bytes. Line ends are passed over, anything else that does not belong is refused.
 * Returns 0 or -EINVAL. */
int base64_decode(const char *text, struct buf *ret_bytes);

#endif
