/*
 * object: ConfigMaps and Secrets, the things that pods read and that are no pods.
 *
 *	ROOT/objects/configmap/NAME.json   as Kubernetes writes it (kind, metadata, data, binaryData)
 *	ROOT/objects/secret/NAME.json      the same; data is base64, as everywhere with Secrets
 *	ROOT/objects/version               the last resourceVersion that was given out
 *
 * A file is replaced by rename(2), so a reader needs no lock; writers take the lock "objects". Files are 0600, for
 * a Secret is no secret otherwise: here, as in Kubernetes, nothing in it is encrypted.
 */
#ifndef RUNPOD_STORE_OBJECT_H
#define RUNPOD_STORE_OBJECT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "store/paths.h"

#define OBJECT_DATA_MAX (1 << 20) /* bytes of all values together, as in Kubernetes */

struct object_value {
	char *key;
	char *bytes; /* a zero byte stands behind them */
	size_t length;
	bool binary; /* a ConfigMap's binaryData: for files only, never a variable */
};

struct object {
	const char *kind; /* OBJECT_CONFIGMAP or OBJECT_SECRET */
	char *name;
	char *type;	    /* a Secret's: "Opaque", …; NULL */
	struct strv labels; /* name=value */
	struct strv annotations;
	struct object_value *v; /* by key */
	size_t n;
	bool immutable;
	int64_t created; /* nanoseconds since 1970, whole seconds; 0: not in the store yet */
	int64_t version; /* resourceVersion: grows with each change of any object */
};

struct objects {
	struct object *v;
	size_t n;
};

#define OBJECT_CONFIGMAP "configmap"
#define OBJECT_SECRET	 "secret"

/* "configmap" or "secret" for a manifest's kind "ConfigMap" or "Secret"; NULL for any other. */
const char *object_kind(const char *kind);

/*
 * From what a manifest or a file says (data, binaryData, stringData, which wins over data) and back to what `get -o yaml` prints. Checked are
 * the name, the keys, base64 and the size. Returns 0 or -EINVAL with Kubernetes' words. object_json.c
 */
int object_from_json(const json_t *value, struct object *ret_object, struct err *err);
json_t *object_to_json(const struct object *object); /* a new reference */

/* The value of that key, or NULL. */
const struct object_value *object_value(const struct object *object, const char *key);

/* Adds a value, keeping the order; one of that key is replaced. Returns 0 or -EINVAL for what is no key. */
int object_add(struct object *object, const char *key, const void *bytes, size_t length, bool binary,
	       struct err *err);

void object_free(struct object *object);
void objects_free(struct objects *objects);

/*
 * Writes it down, or over the one of that name; fills in created and version. *ret_done (may be NULL) becomes "created", "configured" or
 * "unchanged". only_new: -EEXIST `configmaps "x" already exists`. -EINVAL when the one there is immutable.
 */
int object_put(const struct store *store, struct object *object, bool only_new, const char **ret_done,
	       struct err *err);

/* Reads one by its exact name: -ENOENT `configmap "x" not found`. */
int object_get(const struct store *store, const char *kind, const char *name, struct object *ret_object,
	       struct err *err);

/* All of a kind by name. What cannot be read is passed over; *ret_broken (may be NULL) gets "NAME: why". */
int object_list(const struct store *store, const char *kind, struct objects *ret_objects,
		struct strv *ret_broken, struct err *err);

/* Takes it away: -ENOENT as object_get. */
int object_remove(const struct store *store, const char *kind, const char *name, struct err *err);

#endif
