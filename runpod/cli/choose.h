/*
 * choose: which pods or containers a verb acts on: those that were named, those
 * whose ids stand in files, the latest one, or all.
 */
#ifndef RUNPOD_CLI_CHOOSE_H
#define RUNPOD_CLI_CHOOSE_H

#include "cli/cli.h"
#include "pod/status.h"

/* The options; first member of a verb's flags, so that the tables below can be joined to the verb's. */
struct choice {
	bool all;
	bool latest;
	bool ignore; /* what is not there is no error */
	struct strv id_files;
	struct strv filters;	 /* containers only: those that ps would show with them */
	const char *filter_keys; /* those that may be used; NULL: all */
	bool filter_names;	 /* names may be given besides; then both must fit */
};

/* --all, --latest and --cidfile (containers) or --pod-id-file (pods). --ignore is a row of its own. */
extern const struct opt choice_ctr_options[], choice_pod_options[];
/* The same and --ignore. */
extern const struct opt choice_ctr_ignore_options[], choice_pod_ignore_options[];

struct chosen_one {
	struct name_ref ref;
	char *shown; /* what is printed: the name as typed, or the full id with --all */
};

struct chosen {
	struct chosen_one *v;
	size_t n;
};

/* With --all: whether that container, or that pod, is meant. */
typedef bool choose_ctr_fn(const struct ctr_view *view);
typedef bool choose_pod_fn(const struct pod_view *view);

/*
 * Finds what is meant. A name that is not there is noted with cli_fail (status: its exit status; 0: 125), and the
 * others are chosen nevertheless. Returns 0 or -errno for a combination that is none.
 */
int choose_ctrs(struct cli *cli, const struct choice *choice, const struct strv *args, choose_ctr_fn *wanted,
		int status, struct chosen *ret_chosen, struct err *err);
int choose_pods(struct cli *cli, const struct choice *choice, const struct strv *args, choose_pod_fn *wanted,
		int status, struct chosen *ret_chosen, struct err *err);

/* The one container or pod that is named, or the latest. -EINVAL when it is not exactly one. */
int choose_ctr(struct cli *cli, bool latest, const struct strv *args, struct name_ref *ret_ref,
	       struct err *err);
int choose_pod(struct cli *cli, bool latest, const struct strv *args, struct name_ref *ret_ref,
	       struct err *err);

void chosen_free(struct chosen *chosen);

#endif
