/*
 * image_pull: images from registries. skopeo(1) speaks with them: TLS, tokens
 * and proxies are its trade. It writes what it fetched into a directory of ours ("dir:", which keeps the manifest as
 * the registry has it), and from there on it is an image like one that is loaded: nothing is believed before its digest
 * was compared. Lesson 13.
 */
#include "store/image.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/tool.h"
#include "store/image_builtin.h"
#include "store/image_name.h"
#include "store/image_store.h"
#include "store/image_take.h"
#include "store/program.h"

#define LAYOUT "layout" /* in the scratch directory */

/* A registry on this machine is usually one for trying things out, without a certificate: docker's rule. */
static bool is_loopback(const char *full)
{
	return text_starts(full, "localhost:") || text_starts(full, "127.");
}

/* Whether the machine says whose images are to be trusted (containers-policy.json(5)). skopeo fails where it does not. */
static bool has_policy(void)
{
	const char *home = getenv("HOME");
	cleanup_free char *own = text_format("%s/.config/containers/policy.json", home ? home : "");

	return !access("/etc/containers/policy.json", R_OK) || !access(own, R_OK);
}

/* The command: skopeo copy docker://NAME dir:DIRECTORY. */
static void build_command(const char *skopeo, const char *full, const char *directory,
			  const struct pull_options *options, struct strv *argv)
{
	bool verify = options->tls_verify < 0 ? !is_loopback(full) : options->tls_verify;

	strv_add(argv, skopeo);
	if (!has_policy())
		strv_add(argv, "--insecure-policy");
	strv_add(argv, "--override-os=linux");
	strv_add(argv, "copy");
	if (!options->progress)
		strv_add(argv, "--quiet");
	strv_addf(argv, "--src-tls-verify=%s", verify ? "true" : "false");
	strv_addf(argv, "docker://%s", full);
	strv_addf(argv, "dir:%s", directory);
}

/* The message of the last line that skopeo logged: time="…" level=fatal msg="…". */
static char *logged_message(char *said)
{
	char *message, *to, *from;

	if (!said)
		return text_dup("it said nothing");
	for (size_t end = strlen(said); end && said[end - 1] == '\n';)
		said[--end] = '\0';
	message = strrchr(said, '\n');
	message = message ? message + 1 : said;
	from = strstr(message, "msg=\"");
	if (!from)
		return text_dup(message);
	message = to = from += strlen("msg=\"");
	for (; *from && *from != '"'; from++) {
		if (*from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return text_dup(message);
}

/* Runs skopeo to its end. */
static int fetch(const char *full, const char *directory, const struct pull_options *options, struct err *err)
{
	cleanup_fd int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct program program = { 0 };
	struct strv argv = { 0 };
	struct buf said = { 0 };
	char skopeo[PATH_MAX];
	int code;

	if (!tool_find("skopeo", skopeo, sizeof(skopeo))) {
		err_set(err, ENOENT, "find the program skopeo, which speaks with registries");
		return err_hint(err, -ENOENT,
				"apt-get install skopeo; or save the image elsewhere and `load` it here");
	}
	build_command(skopeo, full, directory, options, &argv);
	/* on a terminal it shows its own progress */
	code = program_start(argv.v, nothing, options->progress ? STDERR_FILENO : nothing, &program, err);
	if (!code)
		code = program_wait(&program, &said, err);
	if (code > 0) {
		cleanup_free char *message = logged_message(said.data);

		code = err_set(err, 0, "%s", message);
	}
	buf_free(&said);
	strv_free(&argv);
	return code;
}

/* Fetches into the scratch directory, and takes it from there. */
static int fetch_and_take(const struct store *store, const struct scratch *scratch, const char *full,
			  const struct pull_options *options, struct image *ret_image, struct err *err)
{
	cleanup_free char *path = text_format("%s/tmp/%s/" LAYOUT, store->root, scratch->name);
	struct image_sources sources = { 0 };
	cleanup_fd int dir = -1;
	int code = io_make_dirs(scratch->fd, LAYOUT, 0700, err);

	if (!code)
		code = fetch(full, path, options, err);
	if (!code)
		code = dir = io_open(scratch->fd, LAYOUT, O_RDONLY | O_DIRECTORY, err);
	if (code >= 0)
		code = image_layout_read(dir, &sources, err);
	if (!code) {
		strv_free(&sources.v[0].names);
		strv_add(&sources.v[0].names, full);
		code = image_take(store, scratch, dir, &sources.v[0], options->load, ret_image, err);
	}
	image_sources_free(&sources);
	return code;
}

static int download(const struct store *store, const char *full, const struct pull_options *options,
		    struct image *ret_image, struct err *err)
{
	struct scratch scratch;
	int code;

	if (options->starting)
		options->starting(full);
	code = scratch_make(store, &scratch, err);
	if (code)
		return code;
	code = fetch_and_take(store, &scratch, full, options, ret_image, err);
	scratch_end(&scratch);
	return code ? err_context(err, code, "pull %s", full) : 0;
}

/* The whole name to fetch: what was typed, if that names a registry; else that name of the image, which is here, that was
 * meant. NULL: nobody knows from where. */
static char *remote_name(const char *typed, const struct image *here)
{
	char *full = NULL;

	if (image_name_complete(typed, &full, NULL))
		return NULL;
	if (!text_starts(full, "localhost/"))
		return full;
	text_replace(&full, NULL);
	for (size_t i = 0; i < here->names.n && !full; i++)
		if (!text_starts(here->names.v[i], "localhost/") && image_name_fits(here->names.v[i], typed))
			full = text_dup(here->names.v[i]);
	return full;
}

static int not_known(const char *typed, struct err *err)
{
	err_set(err, 0, "%s: image not known", typed);
	return -ENOENT;
}

/* There is no registry to ask. */
static int refuse_short(const char *typed, bool found, struct err *err)
{
	cleanup_free char *full = NULL;
	int code = image_name_complete(typed, &full, err);

	if (code)
		return code;
	if (text_starts(typed, "localhost/") || !found)
		not_known(typed, err);
	else
		err_set(err, 0, "%s is an image of this machine alone", typed);
	if (text_starts(typed, "localhost/"))
		return err_hint(err, -ENOENT, "localhost/ stands for images that no registry has");
	return err_hint(
		err, -ENOENT,
		"short-name \"%s\" did not resolve to an alias and no unqualified-search registries are "
		"defined in \"/etc/containers/registries.conf\": say docker.io/%s%s for docker's",
		typed, strchr(typed, '/') ? "" : "library/", typed);
}

static bool names_builtin(const char *typed)
{
	cleanup_free char *full = NULL;

	return !image_name_complete(typed, &full, NULL) && image_builtin_of(full);
}

/* Fetches what is not here, or what the policy wants to have anew. */
static int fetch_missing(const struct store *store, const char *typed, const struct pull_options *options,
			 struct image *here, bool found, struct err *err)
{
	cleanup_free char *full = remote_name(typed, here);
	struct image fetched = { 0 };
	bool newer = text_equal(options->policy, "newer");
	int code = full ? download(store, full, options, &fetched, err) : refuse_short(typed, found, err);

	if (code)
		return newer && found ? 0 : code; /* podman's rule: what is here will do */
	image_free(here);
	*here = fetched;
	return 0;
}

int image_pull(const struct store *store, const char *typed, const struct pull_options *options,
	       struct image *ret_image, struct err *err)
{
	bool anew = text_equal(options->policy, "always") || text_equal(options->policy, "newer");
	struct image here = { 0 };
	int code = image_find(store, typed, &here, err);

	if (code == -ENOENT && text_equal(options->policy, "never"))
		code = not_known(typed, err);
	else if (code == -ENOENT || (!code && anew && !names_builtin(typed)))
		code = fetch_missing(store, typed, options, &here, !code, err);
	if (!code && ret_image)
		*ret_image = here;
	else
		image_free(&here);
	return code;
}
