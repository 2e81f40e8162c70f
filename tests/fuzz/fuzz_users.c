/*
 * fuzz_users: any text as --user, in a container whose passwd and group are any text too: three parts,
 * each ended by a NUL. Nobody becomes root who was not asked to be, and nobody becomes -1.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "kern/credentials.h"

static int root = -1;

static void need(int good)
{
	if (!good)
		abort();
}

static void put(const char *path, const char *text, size_t len)
{
	int fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	need(fd >= 0 && !io_write_all(fd, text, len));
	close(fd);
}

static void clear(void)
{
	unlinkat(root, "etc/passwd", 0);
	unlinkat(root, "etc/group", 0);
	unlinkat(root, "etc", AT_REMOVEDIR);
	unlinkat(root, ".", AT_REMOVEDIR);
}

static void begin(void)
{
	static char path[] = "/dev/shm/fuzz-users.XXXXXX";

	need(mkdtemp(path) != NULL);
	root = open(path, O_RDONLY | O_DIRECTORY);
	need(root >= 0 && !mkdirat(root, "etc", 0700));
	atexit(clear);
}

/* The text up to a NUL; *at goes behind it. */
static char *part(const char **at, const char *end)
{
	const char *nul = memchr(*at, 0, (size_t)(end - *at)), *from = *at;

	*at = nul ? nul + 1 : end;
	return text_ndup(from, (size_t)((nul ? nul : end) - from));
}

/* Whether a line of the file begins with "NAME:" and has that number as its third field. */
static int says_zero(const char *passwd, const char *name)
{
	char *line = text_format("\n%s:", name), *file = text_format("\n%s", passwd), *at = file;
	int found = 0;

	while ((at = strstr(at, line))) {
		char *id = strchr(at + strlen(line), ':');

		found = found || (id && strspn(id + 1, "0") && id[1 + strspn(id + 1, "0")] == ':');
		at++;
	}
	free(file);
	free(line);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;
	char *spec = part(&at, end), *passwd = part(&at, end);
	char *user = text_ndup(spec, strcspn(spec, ":"));
	struct credentials who;
	struct err err = { 0 };
	int code;

	if (root < 0)
		begin();
	put("etc/passwd", passwd, strlen(passwd));
	put("etc/group", at, (size_t)(end - at));
	code = credentials_find(root, spec, NULL, &who, &err);
	if (code) {
		need(err.text[0] != '\0');
	} else {
		need(who.uid != (uid_t)-1 && who.gid != (gid_t)-1 && who.home[0] == '/');
		for (size_t i = 0; i < who.n_groups; i++)
			need(who.groups[i] != (gid_t)-1 && who.groups[i] != who.gid);
		need(who.uid || !*spec || (*user && !user[strspn(user, "0")]) || says_zero(passwd, user));
	}
	credentials_free(&who);
	free(user);
	free(spec);
	free(passwd);
	return 0;
}
