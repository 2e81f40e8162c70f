/*
 * image: a root file system with a name and defaults for what runs in it.
 *
 *	ROOT/images/ID/image.json    struct image, below
 *	ROOT/images/ID/rootfs/       the files (the one layer)
 *
 * ID is the sha256 of the archive that it came from. An image is made under
 * ROOT/tmp and renamed into place when whole: rename(2) is atomic, so a killed
 * import leaves nothing here. Names are kept inside image.json; whoever changes
 * one holds the lock "images", readers need none. Lesson 13.
 */
#ifndef RUNPOD_STORE_IMAGE_H
#define RUNPOD_STORE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "store/paths.h"

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
	struct strv layers; /* below ROOT/images/ID, top first: "rootfs" */
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
 * Makes an image of a tar archive (plain, gzip, bzip2, xz, zstd): file is its path, or "-" for standard
 * input. name is what to call it, or NULL; an image that had the name loses it. The same archive
 * again is the same image: it only gets the name. The archive is unpacked by runpod-unpack, a sandboxed
 * program of its own, which refuses whatever would reach outside.
 */
int image_import(const struct store *store, const char *file, const char *name, struct image *ret_image,
		 struct err *err);

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

/* Adds the image's layers as absolute paths, top first: overlay's lower directories. None for a built-in root. */
void image_layers(const struct store *store, const struct image *image, struct strv *ret_paths);

#endif
