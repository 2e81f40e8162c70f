/*
 * choose: from arguments and --all, --latest, --cidfile to ids; choose.h tells
 * the rules, which are podman's, texts included.
 *
 * Looking a name up reads one link; --all and --latest read every record.
 */
#include "cli/choose.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "cli/ps_filter.h"

#define ID_FILE_MAX 4096

#define ROW_ALL(what)                                                                                        \
	{                                                                                                    \
		"all", 'a', OPT_BOOL, offsetof(struct choice, all), NULL, "All " what, NULL, NULL            \
	}
#define ROW_LATEST(what)                                                                                     \
	{                                                                                                    \
		"latest", 'l', OPT_BOOL, offsetof(struct choice, latest), NULL, "The latest " what, NULL,    \
			NULL                                                                                 \
	}
#define ROW_FILE(name, what)                                                                                 \
	{                                                                                                    \
		name, 0, OPT_STRV, offsetof(struct choice, id_files), "file",                                \
			"Read the " what " ID from the file", NULL, NULL                                     \
	}
#define ROW_IGNORE                                                                                           \
	{                                                                                                    \
		"ignore", 'i', OPT_BOOL, offsetof(struct choice, ignore), NULL,                              \
			"Ignore errors when one of them is not there", NULL, NULL                            \
	}

const struct opt choice_ctr_options[] = { ROW_ALL("containers"),
					  ROW_LATEST("container"),
					  ROW_FILE("cidfile", "container"),
					  { "filter", 'f', OPT_STRV, offsetof(struct choice, filters),
					    "filter", "Those that ps --filter shows", NULL, NULL },
					  { 0 } };
const struct opt choice_pod_options[] = {
	ROW_ALL("pods"), ROW_LATEST("pod"), ROW_FILE("pod-id-file", "pod"), { 0 }
};
const struct opt choice_ctr_ignore_options[] = { ROW_IGNORE, { .more = choice_ctr_options } };
const struct opt choice_pod_ignore_options[] = { ROW_IGNORE, { .more = choice_pod_options } };

/* What differs between containers and pods. */
struct kind {
	enum name_kind kind;
	const char *what;   /* in texts: "containers" */
	const char *option; /* of the file with the id */
};

static const struct kind ctr_kind = { NAME_CTR, "containers", "cidfile" };
static const struct kind pod_kind = { NAME_POD, "pods", "pod-id-file" };

static void add(struct chosen *chosen, const struct name_ref *ref, const char *shown)
{
	chosen->v = mem_realloc(chosen->v, (chosen->n + 1) * sizeof(*chosen->v));
	chosen->v[chosen->n++] = (struct chosen_one){ *ref, text_dup(shown) };
}

static void add_ctr(struct chosen *chosen, const struct ctr_view *view)
{
	struct name_ref ref = { .kind = NAME_CTR };

	memcpy(ref.pod_id, view->pod_id, strlen(view->pod_id) + 1);
	memcpy(ref.ctr_id, view->now.id, strlen(view->now.id) + 1);
	add(chosen, &ref, ref.ctr_id);
}

static void add_pod(struct chosen *chosen, const struct pod_view *view)
{
	struct name_ref ref = { .kind = NAME_POD };

	memcpy(ref.pod_id, view->id, strlen(view->id) + 1);
	add(chosen, &ref, ref.pod_id);
}

static int check_choice(const struct kind *kind, const struct choice *choice, size_t n, struct err *err)
{
	if (choice->id_files.n && (choice->all || choice->latest))
		return err_set(err, 0, "--all, --latest, and --%s cannot be used together", kind->option);
	if (choice->filters.n && ((n && !choice->filter_names) || choice->latest || choice->id_files.n))
		return err_set(err, 0, "--filter takes no arguments");
	if (choice->all && choice->latest)
		return err_set(err, 0, "--all and --latest cannot be used together");
	if (choice->all && n)
		return err_set(err, 0, "no arguments are needed with --all");
	if (choice->latest && n)
		return err_set(err, 0, "--latest and %s cannot be used together", kind->what);
	if (!choice->all && !choice->latest && !choice->id_files.n && !choice->filters.n && !n)
		return err_set(err, 0, "you must provide at least one name or id");
	return 0;
}

/* Adds the id that stands in the file. One that is not there is passed over with ignore. */
static int read_id_file(const struct kind *kind, const char *path, bool ignore, struct strv *ret_names,
			struct err *err)
{
	struct buf text = { 0 };
	int code = io_read_file(AT_FDCWD, path, ID_FILE_MAX, &text, NULL);

	if (code == -ENOENT && ignore)
		code = 0;
	else if (code == -ENOENT && kind->kind == NAME_CTR)
		code = err_set(err, 0, "reading CIDFile: open %s: no such file or directory", path);
	else if (code)
		code = err_set(err, -code, "reading %s: %s", kind->option, path);
	else
		strv_take(ret_names, text_ndup(text.data, strcspn(text.data, "\n \t")));
	buf_free(&text);
	return code;
}

/* rm, which ends with 1 for what is not there, has a wording of its own in podman. */
static void fail_to_find(struct cli *cli, const struct kind *kind, const char *name, int code, int status,
			 struct err *why)
{
	if (code == -ENOENT && status && kind->kind == NAME_CTR)
		err_set(why, 0, "no container with ID or name \"%s\" found: no such container", name);
	err_status(why, code, status);
	cli_fail(cli, why);
}

static int choose_named(struct cli *cli, const struct kind *kind, const struct choice *choice,
			const struct strv *args, const struct ps_filter *filter, int status,
			struct chosen *ret_chosen, struct err *err)
{
	struct strv names = { 0 };
	int code = 0;

	strv_copy(&names, args);
	for (size_t i = 0; !code && i < choice->id_files.n; i++)
		code = read_id_file(kind, choice->id_files.v[i], choice->ignore, &names, err);
	for (size_t i = 0; !code && i < names.n; i++) {
		struct name_ref ref;
		struct err why = { 0 };
		int found = name_find(&cli->store, kind->kind, names.v[i], &ref, &why);

		if (!found && (!choice->filters.n || ps_filter_fits_ref(cli, filter, &ref)))
			add(ret_chosen, &ref, names.v[i]);
		else if (found && (found != -ENOENT || !choice->ignore))
			fail_to_find(cli, kind, names.v[i], found, status, &why);
	}
	strv_free(&names);
	return code;
}

/* The container made last, or NULL. Reads the record of each, for when that was. */
static const struct ctr_view *latest_ctr(struct cli *cli, struct pod_views *pods)
{
	struct ctr_view *latest = NULL;

	for (size_t i = 0; i < pods->n; i++) {
		for (size_t j = 0; j < pods->v[i].n; j++) {
			struct ctr_view *ctr = &pods->v[i].ctrs[j];

			if (ctr->infra || ctr_view_load(&cli->store, ctr, NULL))
				continue;
			if (!latest || ctr->record.created > latest->record.created)
				latest = ctr;
		}
	}
	return latest;
}

static const struct pod_view *latest_pod(struct pod_views *pods)
{
	for (size_t i = pods->n; i-- > 0;) /* they are in order of age */
		if (!pods->v[i].hidden)
			return &pods->v[i];
	return NULL;
}

static int choose_latest(struct cli *cli, const struct kind *kind, struct pod_views *pods,
			 struct chosen *ret_chosen, struct err *err)
{
	const struct ctr_view *ctr = kind->kind == NAME_CTR ? latest_ctr(cli, pods) : NULL;
	const struct pod_view *pod = kind->kind == NAME_POD ? latest_pod(pods) : NULL;

	if (ctr)
		add_ctr(ret_chosen, ctr);
	else if (pod)
		add_pod(ret_chosen, pod);
	else if (kind->kind == NAME_CTR)
		return err_set(err, 0, "no containers were found: no such container");
	else
		return err_set(err, 0, "no pods were found: no such pod");
	return 0;
}

/* Whether it passes the filters, if there are any. */
static bool passes(struct cli *cli, const struct ps_filter *filter, const struct pod_view *pod,
		   struct ctr_view *ctr)
{
	if (!filter->asked->n)
		return true;
	return !ctr_view_load(&cli->store, ctr, NULL) && ps_filter_fits(filter, pod, ctr);
}

static void choose_all(struct cli *cli, const struct ps_filter *filter, struct pod_views *pods,
		       choose_ctr_fn *ctr_wanted, choose_pod_fn *pod_wanted, struct chosen *ret_chosen)
{
	for (size_t i = 0; i < pods->n; i++) {
		if (pod_wanted && !pods->v[i].hidden && pod_wanted(&pods->v[i]))
			add_pod(ret_chosen, &pods->v[i]);
		for (size_t j = 0; ctr_wanted && j < pods->v[i].n; j++)
			if (!pods->v[i].ctrs[j].infra && ctr_wanted(&pods->v[i].ctrs[j]) &&
			    passes(cli, filter, &pods->v[i], &pods->v[i].ctrs[j]))
				add_ctr(ret_chosen, &pods->v[i].ctrs[j]);
	}
}

static int choose(struct cli *cli, const struct kind *kind, const struct choice *choice,
		  const struct strv *args, choose_ctr_fn *ctr_wanted, choose_pod_fn *pod_wanted, int status,
		  struct chosen *ret_chosen, struct err *err)
{
	struct pod_views pods = { 0 };
	struct ps_filter filter;
	int code = check_choice(kind, choice, args->n, err);

	if (!code)
		code = ps_filter_read(cli, &choice->filters, choice->filter_keys, &filter, err);
	if (code)
		return code;
	if (args->n || choice->id_files.n)
		return choose_named(cli, kind, choice, args, &filter, status, ret_chosen, err);
	code = pod_views_read(&cli->store, &pods, NULL, err);
	if (!code && !choice->latest)
		choose_all(cli, &filter, &pods, ctr_wanted, pod_wanted, ret_chosen);
	else if (!code)
		code = choose_latest(cli, kind, &pods, ret_chosen, err);
	pod_views_free(&pods);
	return code;
}

int choose_ctrs(struct cli *cli, const struct choice *choice, const struct strv *args, choose_ctr_fn *wanted,
		int status, struct chosen *ret_chosen, struct err *err)
{
	return choose(cli, &ctr_kind, choice, args, wanted, NULL, status, ret_chosen, err);
}

int choose_pods(struct cli *cli, const struct choice *choice, const struct strv *args, choose_pod_fn *wanted,
		int status, struct chosen *ret_chosen, struct err *err)
{
	return choose(cli, &pod_kind, choice, args, NULL, wanted, status, ret_chosen, err);
}

static int choose_one(struct cli *cli, const struct kind *kind, bool latest, const struct strv *args,
		      struct name_ref *ret_ref, struct err *err)
{
	struct choice choice = { .latest = latest };
	struct chosen chosen = { 0 };
	int code = check_choice(kind, &choice, args->n, err);

	if (!code)
		code = cli_store(cli, err);
	if (!code && !latest)
		return name_find(&cli->store, kind->kind, args->v[0], ret_ref, err);
	if (!code)
		code = choose(cli, kind, &choice, args, NULL, NULL, 0, &chosen, err);
	if (!code)
		*ret_ref = chosen.v[0].ref;
	chosen_free(&chosen);
	return code;
}

int choose_ctr(struct cli *cli, bool latest, const struct strv *args, struct name_ref *ret_ref,
	       struct err *err)
{
	return choose_one(cli, &ctr_kind, latest, args, ret_ref, err);
}

int choose_pod(struct cli *cli, bool latest, const struct strv *args, struct name_ref *ret_ref,
	       struct err *err)
{
	return choose_one(cli, &pod_kind, latest, args, ret_ref, err);
}

void chosen_free(struct chosen *chosen)
{
	for (size_t i = 0; i < chosen->n; i++)
		free(chosen->v[i].shown);
	free(chosen->v);
	*chosen = (struct chosen){ 0 };
}
