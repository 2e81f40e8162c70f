/*
 * sha256: FIPS 180-4, sections 5 and 6.2, in the order in which the standard
 * tells it: pad the message, schedule each block, sixty-four rounds.
 */
#include "base/sha256.h"

#include <stdio.h>
#include <string.h>

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

void sha256_init(struct sha256 *sha)
{
	/* the fractional parts of the square roots of the first eight primes */
	static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	memcpy(sha->state, start, sizeof(start));
	sha->length = 0;
}

static uint32_t rotate(uint32_t word, int right)
{
	return word >> right | word << (32 - right);
}

/* Stretches a block of sixteen big-endian words to sixty-four. */
static void schedule(const uint8_t block[64], uint32_t w[64])
{
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;

		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

/*
 * The standard's eight variables a…h move one place on in each round. Nothing is
 * moved here: the name turns instead, "a" of round i is v[-i mod 8]. Unrolled by
 * eight the places are constants again, which almost doubles the speed.
 */
static void add_block(uint32_t state[8], const uint8_t block[64])
{
	uint32_t w[64], v[8];

	schedule(block, w);
	memcpy(v, state, sizeof(v));
#pragma GCC unroll 8
	for (unsigned i = 0; i < 64; i++) {
		uint32_t a = v[-i % 8], b = v[(1 - i) % 8], c = v[(2 - i) % 8];
		uint32_t e = v[(4 - i) % 8], f = v[(5 - i) % 8], g = v[(6 - i) % 8];
		uint32_t *d = &v[(3 - i) % 8], *h = &v[(7 - i) % 8];
		uint32_t t1 = *h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) +
			      round_constants[i] + w[i];
		uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));

		*d += t1;
		*h = t1 + t2; /* the a of the next round */
	}
	for (int i = 0; i < 8; i++)
		state[i] += v[i];
}

void sha256_add(struct sha256 *sha, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	while (len) {
		size_t filled = sha->length % 64, n = 64 - filled < len ? 64 - filled : len;

		memcpy(sha->block + filled, at, n);
		sha->length += n;
		at += n;
		len -= n;
		if (sha->length % 64 == 0)
			add_block(sha->state, sha->block);
	}
}

void sha256_hex(struct sha256 *sha, char ret_hex[SHA256_HEX_SIZE])
{
	static const uint8_t padding[64] = { 0x80 };
	uint64_t bits = sha->length * 8;
	uint8_t end[8];

	for (int i = 0; i < 8; i++)
		end[i] = (uint8_t)(bits >> (56 - 8 * i));
	/* one bit, then zeros up to eight bytes before the end of a block, then the length */
	sha256_add(sha, padding, 1 + (119 - sha->length % 64) % 64);
	sha256_add(sha, end, sizeof(end));
	for (int i = 0; i < 8; i++)
		snprintf(ret_hex + 8 * i, 9, "%08x", sha->state[i]);
}
