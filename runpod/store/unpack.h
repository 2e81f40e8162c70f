/*
 * unpack: hands an archive to runpod-unpack, the sandboxed program that takes it
 * apart, and hashes what passes: what came in, and what it is uncompressed.
 */
#ifndef RUNPOD_STORE_UNPACK_H
#define RUNPOD_STORE_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sha256.h"
#include "base/text.h"
#include "store/paths.h"

/* Who is told how far it is. A NULL pointer instead: nobody looks. */
struct progress {
	/* Something begins that reads so many bytes in all (0: who knows). */
	void (*begin)(struct progress *progress, const char *what, int64_t total);
	/* So many more have been read. */
	void (*moved)(struct progress *progress, int64_t bytes);
};

/* What was unpacked. */
struct unpacked {
	char blob[SHA256_HEX_SIZE]; /* sha256 of the bytes read */
	char diff[SHA256_HEX_SIZE]; /* the same of the uncompressed archive: the OCI's diff_id */
	int64_t bytes;		    /* what the files hold */
};

/*
 * Unpacks the archive, read from the descriptor archive to its end, into a directory (a path that is there). layer: it is a layer
 * of an image, whose whiteouts become overlayfs's; else it is a whole tree. The archive may be compressed with gzip, bzip2,
 * xz or zstd. ret_unpacked NULL: it is no image's, so it need not be hashed nor have its directories marked. -EINVAL with the reason for one that is refused; what was written until then stays.
 */
int unpack_archive(const struct store *store, int archive, const char *directory, bool layer,
		   struct progress *progress, struct unpacked *ret_unpacked, struct err *err);

#endif
