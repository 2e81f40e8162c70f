/*
 * paths: finds the two directories and makes what is missing of them; paths.h
 * draws what lies in them.
 *
 * Kernel rule: a directory descriptor names one directory for ever, whatever is
 * renamed or mounted later (see openat(2)); so the store is looked up once, here.
 * Who is root of the machine is told by /proc/self/uid_map, for inside a user
 * namespace an ordinary user is uid 0 too (see user_namespaces(7)). Lesson 16.
 */
#include "store/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/text.h"

#define ALL_IDS 4294967295U /* the length of the first user namespace's only map */

/* Whether we are uid 0 of the machine; *ret_uid is who we are outside our user namespace. */
static bool machine_root(uid_t *ret_uid)
{
	unsigned inside = 0, outside = 0, count = ALL_IDS;
	FILE *map = fopen("/proc/self/uid_map", "re");

	*ret_uid = geteuid();
	if (map) {
		if (fscanf(map, "%u %u %u", &inside, &outside, &count) != 3)
			count = ALL_IDS; /* an empty map: we are nobody, which geteuid() says */
		fclose(map);
	}
	if (*ret_uid)
		return false;
	*ret_uid = outside;
	return count == ALL_IDS;
}

/* $NAME when it is set to an absolute path: the XDG rule is to ignore others. */
static const char *env_directory(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] == '/' ? value : NULL;
}

static char *default_root(bool rootless)
{
	const char *data = env_directory("XDG_DATA_HOME"), *home = env_directory("HOME");

	if (!rootless)
		return text_dup("/var/lib/runpod");
	if (data)
		return text_format("%s/runpod", data);
	return text_format("%s/.local/share/runpod", home ? home : "");
}

static char *default_run(bool rootless, uid_t uid)
{
	const char *runtime = env_directory("XDG_RUNTIME_DIR");

	if (!rootless)
		return text_dup("/run/runpod");
	if (runtime)
		return text_format("%s/runpod", runtime);
	return text_format("/tmp/runpod-%u", uid);
}

/* The first of what was given, $NAME, and fallback (owned, freed when not used). */
static char *choose(const char *given, const char *name, char *fallback)
{
	const char *chosen = given ? given : getenv(name);

	if (!chosen || !*chosen)
		return fallback;
	free(fallback);
	return text_dup(chosen);
}

/* Makes and opens the directory *path, and puts its absolute path there. what and option name it in errors. */
static int open_directory(char **path, const char *what, const char *option, int *ret_fd, struct err *err)
{
	cleanup_fd int fd = -1;
	char *absolute;
	int code = io_make_dirs(AT_FDCWD, *path, 0700, err);

	if (!code) {
		fd = io_open(AT_FDCWD, *path, O_RDONLY | O_DIRECTORY, err);
		code = fd < 0 ? fd : 0;
	}
	if (code) {
		err_context(err, code, "%s directory", what);
		return err_hint(err, code, "choose another one with %s DIR", option);
	}
	absolute = realpath(*path, NULL);
	if (!absolute)
		return err_set(err, errno, "%s directory %s", what, *path);
	text_replace(path, absolute);
	*ret_fd = take_fd(&fd);
	return 0;
}

/* /tmp/runpod-1000 is a name that anybody may take first; whoever owns it could feed us records. */
static int check_owner(const struct store *store, struct err *err)
{
	struct stat stat;

	if (fstat(store->run_fd, &stat) < 0)
		return err_set(err, errno, "run directory %s", store->run);
	if (stat.st_uid == geteuid())
		return 0;
	err_set(err, EPERM, "run directory %s belongs to uid %u", store->run, stat.st_uid);
	return err_hint(err, -EPERM, "choose another one with --runroot DIR");
}

static int make_rooms(const struct store *store, struct err *err)
{
	static const char *const of_root[] = { "names", "pods", "images", "layers", "volumes", "tmp" };
	static const char *const of_run[] = { "pods", "net" };
	int code = 0;

	for (size_t i = 0; !code && i < sizeof(of_root) / sizeof(*of_root); i++)
		code = io_make_dirs(store->root_fd, of_root[i], 0700, err);
	if (code)
		return err_context(err, code, "root directory %s", store->root);
	for (size_t i = 0; !code && i < sizeof(of_run) / sizeof(*of_run); i++)
		code = io_make_dirs(store->run_fd, of_run[i], 0700, err);
	return code ? err_context(err, code, "run directory %s", store->run) : 0;
}

int store_open(const char *root, const char *run, struct store *ret_store, struct err *err)
{
	uid_t uid;
	struct store store = { .root_fd = -1, .run_fd = -1 };
	int code;

	store.rootless = !machine_root(&uid);
	store.root = choose(root, "RUNPOD_ROOT", default_root(store.rootless));
	store.run = choose(run, "RUNPOD_RUN", default_run(store.rootless, uid));
	code = open_directory(&store.root, "root", "--root", &store.root_fd, err);
	if (!code)
		code = open_directory(&store.run, "run", "--runroot", &store.run_fd, err);
	if (!code)
		code = check_owner(&store, err);
	if (!code)
		code = make_rooms(&store, err);
	if (code)
		store_close(&store);
	else
		*ret_store = store;
	return code;
}

void store_close(struct store *store)
{
	cleanup_fd_func(&store->root_fd);
	cleanup_fd_func(&store->run_fd);
	free(store->root);
	free(store->run);
	*store = (struct store){ .root_fd = -1, .run_fd = -1 };
}
