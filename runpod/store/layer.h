/*
 * layer: the files that one layer of an image brings, shared by all images that
 * have it.
 *
 *	ROOT/layers/HEX/root/         the tree, as overlayfs wants a lower directory
 *	ROOT/layers/HEX/layer.json    what it holds in bytes
 *
 * HEX is the sha256 of the layer's uncompressed archive (the OCI's diff_id), so one content has one
 * place, whichever image brought it and however it was compressed. A layer belongs to the images whose image.json
 * lists it; one that none lists is swept away. Layers are put in place and removed under the lock "images".
 */
#ifndef RUNPOD_STORE_LAYER_H
#define RUNPOD_STORE_LAYER_H

#include "store/scratch.h"
#include "store/unpack.h"

/* Whether text is 64 lower-case hex digits. Only such a text ever becomes part of a path. */
bool layer_hex_valid(const char *text);

/* Whether it is in place; ret_bytes (may be NULL): what its files hold. */
bool layer_there(const struct store *store, const char *hex, int64_t *ret_bytes);

/* Makes scratch/layers/NAME/root, empty, and opens it. Returns the descriptor or -errno. */
int layer_begin(const struct scratch *scratch, const char *name, struct err *err);

/* Unpacks an archive there. whole: it is a whole tree, no image's layer. layer_done() must follow. */
int layer_unpack(const struct store *store, const struct scratch *scratch, const char *name, int archive,
		 bool whole, struct progress *progress, struct unpacked *ret_unpacked, struct err *err);

/* Says that scratch/layers/NAME is whole and shall be called hex. */
int layer_done(const struct scratch *scratch, const char *name, const char *hex, int64_t bytes,
	       struct err *err);

/* Moves scratch/layers/HEX into place, unless it is there. -EAGAIN when it is in neither place: it was removed
 * meanwhile and must be made again. The caller holds the lock "images". */
int layer_place(const struct store *store, const struct scratch *scratch, const char *hex, struct err *err);

/* Moves all layers that no image lists into the scratch directory. The caller holds the lock "images". Where an image
 * cannot be read nobody knows what it lists, and everything stays. */
int layers_sweep(const struct store *store, const struct scratch *scratch, struct err *err);

#endif
