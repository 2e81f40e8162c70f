/*
 * image_load: where images come from: load, pull, import. What long ones show
 * meanwhile is on standard error and only on a terminal; standard output has names and ids alone.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/pull.h"
#include "cli/verbs.h"
#include "store/image.h"
#include "store/journal.h"

struct load_flags {
	char *input;
	bool quiet;
};

static const struct opt load_options[] = {
	{ "input", 'i', OPT_TEXT, offsetof(struct load_flags, input), "string",
	  "Read from this archive or directory, not from standard input", NULL, NULL },
	{ "quiet", 'q', OPT_BOOL, offsetof(struct load_flags, quiet), NULL, "Print no progress", NULL, NULL },
	{ 0 },
};

static int load(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct load_flags *flags = target;
	const char *file = flags->input ? flags->input : "-";
	struct strv names = { 0 };
	struct bar bar;
	int code;

	(void)args;
	if (!flags->input && isatty(STDIN_FILENO))
		return err_set(err, 0,
			       "cannot read from terminal, use command-line redirection or the --input flag");
	code = cli_store(cli, err);
	if (!code)
		code = image_load(&cli->store, file, bar_begin(&bar, flags->quiet), &names, err);
	bar_end(&bar);
	for (size_t i = 0; i < names.n; i++) {
		journal_add(&cli->store, "image", "loadfromarchive", names.v[i], file, NULL);
		printf("Loaded image: %s\n", names.v[i]);
	}
	strv_free(&names);
	return code;
}

const struct verb verb_load = {
	.usage = "[options]",
	.description = "Loads images from an archive that docker, podman or skopeo saved (docker-archive or "
		       "oci-archive), plain or compressed, or from such a directory.",
	.examples = "load < ubuntu.tar\nload --input web.tar.zst\nload -q -i layout/",
	.options = load_options,
	.flags_size = sizeof(struct load_flags),
	.run = load,
};

struct pull_flags {
	bool quiet;
	int64_t tls_verify;
	char *policy;
};

static const struct opt pull_flag_options[] = {
	{ "policy", 0, OPT_TEXT, offsetof(struct pull_flags, policy), "string",
	  "When to pull: always (the default), missing, never or newer", NULL, NULL },
	{ "quiet", 'q', OPT_BOOL, offsetof(struct pull_flags, quiet), NULL, "Print no progress", NULL, NULL },
	{ "tls-verify", 0, OPT_SWITCH, offsetof(struct pull_flags, tls_verify), NULL,
	  "Require HTTPS and verify certificates (default true, but for registries on loopback)", NULL,
	  NULL },
	{ 0 },
};

static void starting(const char *name)
{
	if (bar_wanted(false))
		fprintf(stderr, "Trying to pull %s...\n", name);
}

int pull_image(struct cli *cli, const char *name, const char *policy, int tls_verify, bool quiet,
	       struct image *ret_image, struct err *err)
{
	struct bar bar;
	struct pull_options options = { .policy = policy,
					.tls_verify = tls_verify,
					.progress = bar_wanted(quiet),
					.load = bar_begin(&bar, quiet),
					.starting = quiet ? NULL : starting };
	int code = image_pull(&cli->store, name, &options, ret_image, err);

	bar_end(&bar);
	return code;
}

static int check_policy(const char *policy, struct err *err)
{
	static const char *const known[] = { "always", "missing", "never", "newer" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!policy || text_equal(policy, known[i]))
			return 0;
	return err_set(err, 0, "unsupported pull policy \"%s\"", policy);
}

static int pull(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct pull_flags *flags = target;
	const char *policy = flags->policy ? flags->policy : "always";
	int code = check_policy(policy, err);

	if (!code)
		code = cli_store(cli, err);
	for (size_t i = 0; !code && i < args->n; i++) {
		struct image image = { 0 };

		code = pull_image(cli, args->v[i], policy, (int)flags->tls_verify, flags->quiet, &image, err);
		if (code)
			break;
		journal_add(&cli->store, "image", "pull", image.id, args->v[i], NULL);
		printf("%s\n", image.id);
		fflush(stdout);
		image_free(&image);
	}
	return code;
}

const struct verb verb_pull = {
	.usage = "[options] IMAGE [IMAGE...]",
	.description = "Fetches images from registries, with skopeo, and prints their ids.",
	.examples = "pull quay.io/libpod/alpine\npull --policy newer docker.io/library/nginx:1.25\n"
		    "pull localhost:5000/web",
	.options = pull_flag_options,
	.flags_size = sizeof(struct pull_flags),
	.defaults = &(const struct pull_flags){ .tls_verify = -1 },
	.min_args = 1,
	.max_args = -1,
	.run = pull,
};

struct import_flags {
	bool quiet;
	struct strv changes;
};

static const struct opt import_options[] = {
	{ "change", 'c', OPT_STRV, offsetof(struct import_flags, changes), "stringArray",
	  "Set what containers of it get: CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME, "
	  "WORKDIR",
	  NULL, NULL },
	{ "quiet", 'q', OPT_BOOL, offsetof(struct import_flags, quiet), NULL, "Print no progress", NULL,
	  NULL },
	{ 0 },
};

static int import(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct import_flags *flags = target;
	struct image image = { 0 };
	struct bar bar;
	int code = cli_store(cli, err);

	if (!code)
		code = image_import(&cli->store, args->v[0], args->n > 1 ? args->v[1] : NULL, &flags->changes,
				    bar_begin(&bar, flags->quiet), &image, err);
	else
		return code;
	bar_end(&bar);
	if (!code) {
		journal_add(&cli->store, "image", "import", image.id, args->v[args->n - 1], NULL);
		printf("sha256:%s\n", image.id);
	}
	image_free(&image);
	return code;
}

const struct verb verb_import = {
	.usage = "[options] PATH [REFERENCE]",
	.description = "Makes an image of a tar archive of a root file system (- for standard input), and "
		       "prints its id.",
	.examples = "import ctr.tar\nimport rootfs.tar.gz mine:1\nimport - mine < rootfs.tar\n"
		    "import --change 'CMD [\"/bin/sh\"]' rootfs.tar mine",
	.options = import_options,
	.flags_size = sizeof(struct import_flags),
	.min_args = 1,
	.max_args = 2,
	.run = import,
};
