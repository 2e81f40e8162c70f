/*
 * image: a root file system with a name and defaults for what runs in it.
 *
 *	ROOT/images/ID/image.json    struct image, below
 *	ROOT/layers/HEX/             its files, layer by layer (store/layer.h)
 *
 * ID is the sha256 of its configuration (the OCI's ImageID); of an imported tree, that of the archive. An image and
 * its layers are made under ROOT/tmp and renamed into place when whole: rename(2) is atomic, so a killed
 * command leaves nothing here but perhaps layers of no image, which the next one sweeps away. Names are kept inside image.json; whoever changes
 * one holds the lock "images", readers need none. Lesson 13.
 */
#ifndef RUNPOD_STORE_IMAGE_H
#define RUNPOD_STORE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "store/paths.h"
#include "store/unpack.h"

/* What a container gets unless the user says otherwise (the OCI image configuration). */
struct image_config {
	struct strv entrypoint;
	struct strv cmd;
	struct strv env;	   /* NAME=value */
	char *user;		   /* as the image writes it, or NULL */
	char *working_dir;	   /* or NULL */
	struct strv exposed_ports; /* "80/tcp" */
	struct strv volumes;	   /* paths inside the root */
	char *stop_signal;	   /* "SIGTERM", or NULL */
	struct strv labels;	   /* key=value */
};

struct image {
	char *id;	    /* 64 hex digits */
	struct strv names;  /* full names: localhost/web:latest; none for <none> */
	int64_t created;    /* nanoseconds since 1970 */
	int64_t size;	    /* bytes of its files */
	struct strv layers; /* top first: names in ROOT/layers */
	char *digest;	    /* sha256 of its manifest, 64 hex digits; NULL: it came without one */
	char *type;	    /* media type of that manifest, or NULL */
	char *architecture; /* "amd64", or NULL */
	char *os;	    /* "linux", or NULL */
	char *author;	    /* or NULL */
	char *builtin;	    /* NULL; "host" or "pause": a root that is no layers */
	struct image_config config;
};

struct images {
	struct image *v;
	size_t n;
};

/* What image_remove did. */
struct image_removal {
	struct strv untagged; /* full names */
	char *deleted;	      /* the image's id, or NULL when names are left */
};

/* Adds the names of the containers that use the image with that id (none: nothing). Returns 0 or -errno. */
typedef int image_users_fn(const struct store *store, const char *id, struct strv *ret_users,
			   struct err *err);

void image_free(struct image *image);
void images_free(struct images *images);
void image_removal_free(struct image_removal *removal);

/*
 * Makes an image of one layer of a tar archive (plain, gzip, bzip2, xz, zstd) of a root file system: file is its path, or "-" for
 * standard input. name is what to call it, or NULL; an image that had the name loses it. The same archive
 * again is the same image: it only gets the name. The archive is unpacked by runpod-unpack, a sandboxed
 * program of its own, which refuses whatever would reach outside. changes are instructions of a Containerfile that set the
 * configuration (image_instruct.h); NULL: none. progress may be NULL.
 */
int image_import(const struct store *store, const char *file, const char *name, const struct strv *changes,
		 struct progress *progress, struct image *ret_image, struct err *err);

/*
 * Loads all images for this machine from a file (or "-", standard input) that `docker save`, `podman save` or skopeo
 * wrote: docker-archive or oci-archive, plain or compressed; or from a directory of those shapes (image_layout.h). Every layer
 * has to have the digest that the image's configuration says. Adds what was loaded to ret_names: full names, or sha256:ID
 * for an image without one. On error no image of the file is there that was not there before, except those of its
 * images that were whole already.
 */
int image_load(const struct store *store, const char *file, struct progress *progress, struct strv *ret_names,
	       struct err *err);

/* How an image is fetched. */
struct pull_options {
	const char *policy; /* always, missing, never or newer; NULL: missing */
	int tls_verify; /* 1, 0, or -1: but for a registry on this machine's loopback, which may speak plain HTTP */
	bool progress;			    /* show the download's on standard error */
	struct progress *load;		    /* of what comes after it, or NULL */
	void (*starting)(const char *name); /* called before a download begins, or NULL */
};

/*
 * Sees to it that the image is here, as the policy says: fetched from its registry by skopeo(1) when it must be. A name without
 * a registry is never fetched: nobody said from where. -ENOENT with podman's text when it is not here and may not or cannot be
 * fetched. ret_image may be NULL.
 */
int image_pull(const struct store *store, const char *typed, const struct pull_options *options,
	       struct image *ret_image, struct err *err);

/*
 * Finds what the user typed: a name, an id, or a prefix of one id (with or without sha256:). A name is
 * completed in podman's way, `web` = `localhost/web:latest`; where no image is called exactly that, one
 * whose full name ends in it counts (`busybox` finds docker.io/library/busybox:latest and the other way).
 * Built-in images are made when first asked for. -ENOENT "NAME: image not known"; -EEXIST for
 * a prefix that fits several.
 */
int image_find(const struct store *store, const char *typed, struct image *ret_image, struct err *err);

/* All images, newest first, the built-in ones last. An unreadable one is passed over; *ret_broken
 * (may be NULL) gets "ID: why" for each. */
int image_list(const struct store *store, struct images *ret_images, struct strv *ret_broken,
	       struct err *err);

/* Gives the image another name, taking it away from the image that has it. Built-in names cannot be taken. */
int image_tag(const struct store *store, const char *typed, const char *name, struct err *err);

/* Takes the names (all when names is empty or NULL) off the image; it stays, as <none>.
 * -ENOENT "NAME: tag not known". */
int image_untag(const struct store *store, const char *typed, const struct strv *names, struct err *err);

/*
 * Podman's rmi: of an image with several names, the typed one goes; with the last name, or by id, the
 * image goes. By id with several names it needs force. users (may be NULL) says which containers use it: then
 * it stays (-EBUSY), also with force: the caller removes the containers first. Of a built-in image
 * only the cached files go.
 */
int image_remove(const struct store *store, const char *typed, bool force, image_users_fn *users,
		 struct image_removal *ret_removal, struct err *err);

/* Removes what killed commands left: half-made images, and layers that no image lists. Whatever makes or removes an image
 * does so too. */
int image_tidy(const struct store *store, struct err *err);

/* Adds the image's layers as absolute paths, top first: overlay's lower directories, each once. None for a built-in
 * root. */
void image_layers(const struct store *store, const struct image *image, struct strv *ret_paths);

/* Opens the tree that those paths, layered, make (see image_layers). Returns a descriptor to read it by, or -errno. */
int image_open_tree(const struct store *store, const struct strv *paths, struct err *err);

#define IMAGE_LAYERS_MAX 500 /* what overlayfs takes */

#endif
