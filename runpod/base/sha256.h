/*
 * sha256: the hash that names an image (see FIPS 180-4). Fed piece by piece, so
 * that an archive is read once: while it is unpacked.
 *
 * The kernel has one too (AF_ALG), but not in every container or configuration;
 * these sixty lines work everywhere.
 */
#ifndef RUNPOD_BASE_SHA256_H
#define RUNPOD_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX_SIZE 65 /* 64 hex digits and the NUL */

struct sha256 {
	uint32_t state[8]; /* the hash of all whole blocks so far */
	uint64_t length;   /* bytes fed so far */
	uint8_t block[64]; /* the block being filled: length % 64 bytes */
};

void sha256_init(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *bytes, size_t len);

/* Ends the hash and writes it as 64 lower-case hex digits. sha is used up. */
void sha256_hex(struct sha256 *sha, char ret_hex[SHA256_HEX_SIZE]);

#endif
