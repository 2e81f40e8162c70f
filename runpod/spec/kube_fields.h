/*
 * kube_fields: the fields of Kubernetes' objects, as one table.
 *
 * A row says what a field is called, what it may hold, what it is when it is left out,
 * and whether it has any effect here. Reading, defaults, checks of single values and
 * `explain` all walk these rows; there is no second list. The rows follow the API reference of
 * Kubernetes 1.34 (kubernetes.io/docs/reference/kubernetes-api). Lesson 21.
 */
#ifndef RUNPOD_SPEC_KUBE_FIELDS_H
#define RUNPOD_SPEC_KUBE_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum kube_type {
	KUBE_STRING,
	KUBE_BOOL,
	KUBE_INT,	 /* int32 */
	KUBE_LONG,	 /* int64 */
	KUBE_QUANTITY,	 /* a string in canonical form */
	KUBE_PORT,	 /* a number or the name of a port */
	KUBE_BYTES,	 /* map of base64 */
	KUBE_STRINGS,	 /* list of strings */
	KUBE_LONGS,	 /* list of int64 */
	KUBE_TEXTS,	 /* map of strings */
	KUBE_QUANTITIES, /* map of quantities */
	KUBE_OBJECT,	 /* one structure */
	KUBE_LIST,	 /* list of structures */
	KUBE_ANY,	 /* kept as it stands: nothing here looks into it */
};

enum kube_support {
	KUBE_WORKS,
	KUBE_KEPT,    /* without effect here: a warning, and kept for export */
	KUBE_SILENT,  /* the same without the warning */
	KUBE_DROPPED, /* written by a cluster (status, uid, …), not by people: passed over */
	KUBE_REFUSED, /* would change what the pod does, and cannot be done here: an error with the word why */
};

/* NULL when value is good, else what it must be, in the words of Kubernetes' validation. */
typedef const char *kube_word_fn(const json_t *value);

struct kube_struct;

struct kube_field {
	const char *name;
	enum kube_type type;
	const char *help;	      /* a sentence or two, for explain */
	const struct kube_struct *of; /* of KUBE_OBJECT and KUBE_LIST */
	bool required;
	enum kube_support support;
	const char *why;      /* KUBE_KEPT, KUBE_REFUSED: a few words */
	const char *fallback; /* when it is left out: text, number, "true", "{}"; NULL: stays out */
	const char *allowed;  /* the only values: "Always|Never"; NULL: any */
	kube_word_fn *check;
};

struct kube_struct {
	const char *name; /* Kubernetes' name of the type: "PodSpec" */
	const char *help;
	const struct kube_field *fields; /* ends with name NULL */
};

/* A kind of object that a file may hold. */
struct kube_kind {
	const char *kind;
	const char *version; /* "v1", "apps/v1" */
	const char *plural;  /* for explain: pods, po */
	const char *brief;
	const struct kube_struct *of; /* NULL: known, but refused */
	const char *why;	      /* then this word says what to do instead */
};

extern const struct kube_kind kube_kinds[]; /* ends with kind NULL */

/* The tables, by family. */
extern const struct kube_struct kube_metadata, kube_pod, kube_pod_spec, kube_template; /* _pod.c */
extern const struct kube_struct kube_pod_security, kube_ctr_security;		       /* _security.c */
extern const struct kube_struct kube_ctr, kube_resources;			       /* _ctr.c */
extern const struct kube_struct kube_env, kube_env_from;			       /* _env.c */
extern const struct kube_struct kube_field_ref, kube_resource_ref;		       /* _env.c */
extern const struct kube_struct kube_probe, kube_lifecycle;			       /* _probe.c */
extern const struct kube_struct kube_volume, kube_claim_spec;			       /* _volume.c */
extern const struct kube_struct kube_config_map, kube_secret, kube_claim;	       /* _kinds.c */
extern const struct kube_struct kube_deployment, kube_job;			       /* _kinds.c */

/* The row of that name, or NULL. */
const struct kube_field *kube_field_find(const struct kube_struct *of, const char *name);

/* The row of a kind, or NULL. */
const struct kube_kind *kube_kind_find(const char *kind);

/* Single values: kube_words.c. */
kube_word_fn kube_word_label, kube_word_subdomain, kube_word_port, kube_word_port_name, kube_word_env,
	kube_word_prefix, kube_word_not_negative, kube_word_positive, kube_word_absolute, kube_word_below,
	kube_word_file, kube_word_mode, kube_word_address, kube_word_id, kube_word_deadline, kube_word_key,
	kube_word_capabilities, kube_word_sysctl, kube_word_signal, kube_word_image, kube_word_header,
	kube_word_one_line, kube_word_plain, kube_word_search;

/* "name" or "prefix/name" of a label or annotation; kube_words.c. */
const char *kube_word_qualified(const char *text);
const char *kube_word_label_value(const char *text);
bool kube_is_subdomain(const char *text);
bool kube_is_config_key(const char *text);

#endif
