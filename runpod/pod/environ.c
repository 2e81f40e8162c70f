/*
 * environ: the variables of a container, in Kubernetes' order: what the image and the
 * record say; over it whole objects (envFrom); over those the variables of `env` from top to bottom, each of
 * which may name those above it as $(NAME). At last $(NAME) in the command and its arguments, where only
 * declared variables count, not the image's. Lesson 21.
 */
#include "pod/environ.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "pod/downward.h"
#include "spec/expand.h"
#include "store/object.h"

#define NAME_LABEL  "io.kubernetes.container.name"
#define ENVIRON_MAX (4 << 20)

/* What is looked up for. */
struct lookup {
	const struct store *store;
	const struct ctr_record *ctr;
	struct downward about;
	struct strv declared; /* so far */
};

bool environ_config_error(int code)
{
	return code == -ENOKEY;
}

int environ_config_failure(int code)
{
	return code < 0 ? -ENOKEY : code;
}

bool environ_needed(const struct ctr_record *ctr)
{
	return ctr->spec.env_sources.n || ctr->spec.expand;
}

static void declare(struct lookup *lookup, const char *prefix, const char *name, const char *value)
{
	cleanup_free char *pair = text_format("%s%s=%s", prefix ? prefix : "", name, value);

	strv_set(&lookup->declared, pair);
}

/* One value of an object as a variable. */
static int declare_value(struct lookup *lookup, const struct env_source *source, const char *name,
			 const struct object_value *value, struct err *err)
{
	if (memchr(value->bytes, 0, value->length))
		return err_set(err, 0, "variable %s: key %s of %s %s has a zero byte in it", name, value->key,
			       source->kind, source->object);
	declare(lookup, source->name ? NULL : source->prefix, name, value->bytes);
	return 0;
}

static int missing_key(const struct lookup *lookup, const struct env_source *source, struct err *err)
{
	if (source->optional)
		return 0;
	return err_set(err, 0, "couldn't find key %s in %s %s/%s", source->key,
		       strcmp(source->kind, OBJECT_SECRET) ? "ConfigMap" : "Secret",
		       downward_namespace(&lookup->about), source->object);
}

/* A key of a ConfigMap or Secret, or (without a key) all of them. */
static int from_object(struct lookup *lookup, const struct env_source *source, struct err *err)
{
	struct object object;
	int code = object_get(lookup->store, source->kind, source->object, &object, err);
	const struct object_value *value;

	if (code)
		return code == -ENOENT && source->optional ? 0 : code;
	value = source->key ? object_value(&object, source->key) : NULL;
	if (source->key && (!value || value->binary))
		code = missing_key(lookup, source, err);
	else if (source->key)
		code = declare_value(lookup, source, source->name, value, err);
	for (size_t i = 0; !source->key && !code && i < object.n; i++)
		if (!object.v[i].binary) /* binaryData is for files */
			code = declare_value(lookup, source, object.v[i].key, &object.v[i], err);
	object_free(&object);
	return code;
}

static int too_long(const char *what, struct err *err)
{
	return err_set(err, 0, "%s is longer than %u bytes once the $(NAME) in it are put in", what,
		       EXPAND_MAX);
}

static int one_source(struct lookup *lookup, const struct env_source *source, struct err *err)
{
	const char *self = strv_get(&lookup->ctr->spec.labels, NAME_LABEL);
	cleanup_free char *text = NULL;
	int code = 0;

	if (!source->kind) {
		text = expand_text(source->value ? source->value : "", &lookup->declared);
		code = text ? 0 : too_long(source->name, err);
	} else if (!strcmp(source->kind, "field"))
		code = downward_field(&lookup->about, source->key, &text, err);
	else if (!strcmp(source->kind, "resource"))
		code = downward_resource(&lookup->about,
					 source->object ? source->object
					 : self		? self
							: lookup->ctr->spec.name,
					 source->key, source->divisor, &text, err);
	else
		return from_object(lookup, source, err);
	if (!code)
		declare(lookup, NULL, source->name, text);
	return code;
}

/* Those without a name (envFrom) come first, wherever they stand. */
static int declare_all(struct lookup *lookup, struct err *err)
{
	const struct env_source_list *sources = &lookup->ctr->spec.env_sources;
	int code = 0;

	for (size_t i = 0; i < sources->n && !code; i++)
		if (!sources->v[i].name)
			code = one_source(lookup, &sources->v[i], err);
	for (size_t i = 0; i < sources->n && !code; i++)
		if (sources->v[i].name)
			code = one_source(lookup, &sources->v[i], err);
	return code;
}

/* argv: in front what the image's entrypoint or the spec's says, at the end the spec's command. What comes from
 * the image is left as it is. */
static int expand_args(const struct lookup *lookup, struct strv *ret_args, struct err *err)
{
	const struct ctr_spec *spec = &lookup->ctr->spec;
	const struct strv *args = &lookup->ctr->args;
	size_t own = spec->entrypoint_set ? spec->entrypoint.n : 0;

	for (size_t i = 0; i < args->n; i++) {
		bool mine = spec->expand && (i < own || i + spec->command.n >= args->n);

		char *text = mine ? expand_text(args->v[i], &lookup->declared) : text_dup(args->v[i]);

		if (!text)
			return too_long("an argument", err);
		strv_take(ret_args, text);
	}
	return 0;
}

static char *kept_path(const struct ctr *ctr)
{
	return text_format("ctr/%s/environ", ctr->record.id);
}

/* As /proc/PID/environ has it: each ended by a zero byte. The run directory is ours alone, and goes with the end. */
static int keep(const struct ctr *ctr, const struct strv *env, struct err *err)
{
	cleanup_free char *path = kept_path(ctr), *directory = text_format("ctr/%s", ctr->record.id);
	struct buf text = { 0 };
	int code = io_make_dirs(ctr->pod->run_dir, directory, 0700, err);

	for (size_t i = 0; i < env->n; i++)
		buf_add(&text, env->v[i], strlen(env->v[i]) + 1);
	if (!code)
		code = io_replace_file(ctr->pod->run_dir, path, text.data, text.len, 0600, err);
	buf_free(&text);
	return code;
}

void environ_recall(const struct ctr *ctr, struct strv *ret_env)
{
	cleanup_free char *path = kept_path(ctr);
	struct buf text = { 0 };

	if (io_read_file(ctr->pod->run_dir, path, ENVIRON_MAX, &text, NULL))
		strv_copy(ret_env, &ctr->record.env);
	for (size_t at = 0; at < text.len; at += strlen(text.data + at) + 1)
		strv_add(ret_env, text.data + at);
	buf_free(&text);
}

int environ_check(const struct store *store, const struct pod_spec *pod, const struct ctr_spec *ctr,
		  struct err *err)
{
	char id[] = "0000000000000000000000000000000000000000000000000000000000000000";
	const struct pod_record nobody = { .id = id, .spec = *pod };
	const struct ctr_record record = { .id = id, .spec = *ctr };
	struct lookup lookup = { .store = store, .ctr = &record };
	int code = downward_open(&nobody, NULL, &lookup.about, err);

	if (!code)
		code = declare_all(&lookup, err);
	downward_close(&lookup.about);
	strv_free(&lookup.declared);
	return code;
}

int environ_resolve(struct pod *pod, struct ctr *ctr, struct strv *ret_env, struct strv *ret_args,
		    struct err *err)
{
	struct ctr *infra = pod_infra(pod);
	struct lookup lookup = { .store = pod->store, .ctr = &ctr->record };
	int code = downward_open(&pod->record, infra ? infra->ip : ctr->ip, &lookup.about, err);

	if (!code)
		code = environ_config_failure(declare_all(&lookup, err));
	if (!code) {
		strv_copy(ret_env, &ctr->record.env);
		for (size_t i = 0; i < lookup.declared.n; i++)
			strv_set(ret_env, lookup.declared.v[i]);
		code = environ_config_failure(expand_args(&lookup, ret_args, err));
		if (!code)
			code = keep(ctr, ret_env, err);
	}
	downward_close(&lookup.about);
	strv_free(&lookup.declared);
	return code;
}
