/*
 * idnames: from numbers to names; idnames.h tells the rule. The container's
 * files are opened below its root and read without believing them: a link stays
 * inside, and what is no plain file holds no names.
 */
#include "pod/idnames.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "kern/path.h"

#define FILE_MAX (4 << 20) /* bytes of passwd or group that we are willing to read */

static void read_names(int root, const char *path, struct buf *ret_text)
{
	cleanup_fd int fd = path_open(root, path, PATH_IN_ROOT, O_RDONLY | O_NONBLOCK | O_NOCTTY, NULL);
	struct stat found;

	if (fd >= 0 && !fstat(fd, &found) && S_ISREG(found.st_mode)) /* a pipe would hold us up for ever */
		io_read_all(fd, FILE_MAX, ret_text);
}

void idnames_read(pid_t pid, struct idnames *ret_names)
{
	cleanup_free char *top = pid ? text_format("/proc/%d/root", (int)pid) : text_dup("/");
	cleanup_fd int root = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char path[64];

	*ret_names = (struct idnames){ 0 };
	if (root >= 0) {
		read_names(root, "etc/passwd", &ret_names->names[ID_USER]);
		read_names(root, "etc/group", &ret_names->names[ID_GROUP]);
	}
	if (!pid)
		return;
	snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)pid);
	io_read_file(AT_FDCWD, path, FILE_MAX, &ret_names->map[ID_USER], NULL);
	snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)pid);
	io_read_file(AT_FDCWD, path, FILE_MAX, &ret_names->map[ID_GROUP], NULL);
}

void idnames_free(struct idnames *names)
{
	for (int kind = 0; kind < 2; kind++) {
		buf_free(&names->map[kind]);
		buf_free(&names->names[kind]);
	}
}

int64_t idnames_inside(const struct idnames *names, enum id_kind kind, int64_t id)
{
	const char *line = names->map[kind].data;
	int64_t inside, outside, count;

	if (!line)
		return id;
	for (; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "%" SCNd64 " %" SCNd64 " %" SCNd64, &inside, &outside, &count) == 3 &&
		    id >= outside && id - outside < count)
			return inside + (id - outside);
	}
	return -1;
}

char *idnames_name(const struct idnames *names, enum id_kind kind, int64_t id)
{
	int64_t inside = idnames_inside(names, kind, id);
	cleanup_free char *third = text_format("%" PRId64, inside);

	if (inside < 0)
		return text_dup("?");
	for (const char *line = names->names[kind].data; line; line = strchr(line, '\n')) {
		const char *name, *field;

		line += *line == '\n'; /* NAME:PASSWORD:ID:… in both files */
		name = line;
		field = strchr(line, ':');
		field = field ? strchr(field + 1, ':') : NULL;
		if (!field || memchr(line, '\n', (size_t)(field - line)))
			continue;
		if (text_starts(field + 1, third) && strchr(":\n", field[1 + strlen(third)]) && *name > ' ' &&
		    *name != ':')
			return text_ndup(name, strcspn(name, ":\n\t\r\033"));
	}
	return take_ptr(third);
}
