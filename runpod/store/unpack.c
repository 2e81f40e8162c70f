/*
 * unpack: starts runpod-unpack, feeds it and reads its answer. This process
 * never looks into an archive; runpod-unpack, which has given up all that it could be robbed
 * of, takes it apart.
 *
 * Opaque directories are marked here for root, since the attribute that overlayfs obeys there,
 * trusted.overlay.opaque, needs CAP_SYS_ADMIN (see xattr(7)). Their names come from an archive, so they are
 * looked up beneath the layer and through no link (see openat2(2)). Lesson 13.
 */
#include "store/unpack.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/xattr.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "base/tool.h"
#include "kern/sys.h"
#include "store/program.h"
#include "store/unpack_pump.h"

#define UNPACK "runpod-unpack"

/* The programs of one unpacking. pid 0: not started. */
struct crew {
	struct program press, unpack;
};

/* Where runpod-unpack is: beside this program, where `make install` puts it, or in $PATH. */
static const char *find_unpack(char *ret_path, size_t size, struct err *err)
{
	static const char *const places[] = { UNPACK, "../libexec/runpod/" UNPACK };
	char self[PATH_MAX] = "";
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[length < 0 ? 0 : length] = '\0';
	slash = strrchr(self, '/');
	for (size_t i = 0; slash && i < sizeof(places) / sizeof(*places); i++) {
		int n = snprintf(ret_path, size, "%.*s/%s", (int)(slash - self), self, places[i]);

		if (n < (int)size && !access(ret_path, X_OK))
			return ret_path;
	}
	if (tool_find(UNPACK, ret_path, size))
		return ret_path;
	err_set(err, ENOENT, "find the program " UNPACK);
	err_hint(err, -ENOENT, "it belongs beside runpod or in $PATH; `make install` puts it in place");
	return NULL;
}

/* Starts one with a socket as its input, and as its output too when it decompresses. */
static int start_one(char *const argv[], bool both, int *ret_socket, struct program *ret_program,
		     struct err *err)
{
	cleanup_fd int ours = -1, theirs = -1;
	int pair[2], code;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(err, errno, "make a socket pair for " UNPACK);
	ours = pair[0];
	theirs = pair[1]; /* closed here, or we would never learn that the program ended */
	code = program_start(argv, theirs, both ? theirs : -1, ret_program, err);
	if (!code)
		*ret_socket = take_fd(&ours);
	return code;
}

static int start_crew(struct pump *pump, bool compressed, const char *layer, const char *directory,
		      struct crew *crew, struct err *err)
{
	char path[PATH_MAX];
	char *press[] = { path, "--decompress", NULL };
	char *whole[] = { path, (char *)directory, NULL };
	char *diff[] = { path, "--layer", (char *)layer, (char *)directory, NULL };
	int code = find_unpack(path, sizeof(path), err) ? 0 : -ENOENT;

	if (!code && compressed)
		code = start_one(press, true, &pump->press, &crew->press, err);
	return code ? code : start_one(layer ? diff : whole, false, &pump->unpack, &crew->unpack, err);
}

/* Waits for one, if it was started. What it complained of becomes our error. */
static int end_one(struct program *program, struct buf *said, struct err *err)
{
	int status = program->pid ? program_wait(program, said, err) : 0;
	const char *text = said->data ? said->data : "";

	if (status > EXIT_SIGNAL_BASE)
		return err_set(err, 0, UNPACK " was ended by signal %d", status - EXIT_SIGNAL_BASE);
	if (text_starts(text, UNPACK ": "))
		text += strlen(UNPACK ": ");
	if (status > 0)
		return err_set(err, 0, "%.*s", (int)strcspn(text, "\n"), text);
	return status;
}

/* Ends both. The first cause is told: an archive that was refused, else one that could not be decompressed. */
static int end_crew(struct crew *crew, const struct pump *pump, int code, struct buf *said, struct err *err)
{
	struct err press_why = { 0 }, unpack_why = { 0 };
	struct buf complaint = { 0 };
	int press = end_one(&crew->press, &complaint, &press_why);
	int unpack = end_one(&crew->unpack, said, &unpack_why);
	bool first = unpack && (pump->refused || !press);

	buf_free(&complaint);
	if ((code && !pump->refused) || (!press && !unpack))
		return code;
	if (err)
		*err = first ? unpack_why : press_why;
	return first ? unpack : press;
}

/* Marks the directories that are listed, each ended by a NUL, beneath the layer. */
static int mark_opaque(const char *directory, const char *list, size_t length, struct err *err)
{
	cleanup_fd int layer = io_open(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY, err);
	const char *end = list + length;

	if (layer < 0)
		return layer;
	for (; list < end; list += strlen(list) + 1) {
		cleanup_fd int fd = sys_openat2(layer, list, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0,
						RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);

		if (fd < 0)
			return err_set(err, -fd, "open opaque directory");
		if (fsetxattr(fd, "trusted.overlay.opaque", "y", 1, 0) < 0)
			return err_set(err, errno, "mark directory as opaque");
	}
	return 0;
}

/* The answer: bytes, newline, directories. */
static int read_answer(const struct buf *said, const char *directory, int64_t *ret_bytes, struct err *err)
{
	const char *newline = said->data ? memchr(said->data, '\n', said->len) : NULL;
	cleanup_free char *number = newline ? text_ndup(said->data, (size_t)(newline - said->data)) : NULL;
	uint64_t bytes = 0;

	if (!number || num_u64(number, INT64_MAX, &bytes))
		return err_set(err, 0, UNPACK " did not say how much it unpacked");
	*ret_bytes = (int64_t)bytes;
	newline++;
	return mark_opaque(directory, newline, said->len - (size_t)(newline - said->data), err);
}

int unpack_archive(const struct store *store, int archive, const char *directory, bool layer,
		   struct progress *progress, struct unpacked *ret_unpacked, struct err *err)
{
	const char *mark = !layer ? NULL : store->rootless ? "user" : "trusted";
	struct crew crew = { 0 };
	struct buf said = { 0 };
	struct pump pump;
	bool compressed;
	int code = pump_open(&pump, archive, ret_unpacked != NULL, progress, &compressed, err);

	/* who wants no hashes lets the program that unpacks decompress too */
	if (!code)
		code = start_crew(&pump, ret_unpacked && compressed, mark, directory, &crew, err);
	if (!code)
		code = pump_run(&pump, err);
	cleanup_fd_func(&pump.press); /* the end of what they read */
	cleanup_fd_func(&pump.unpack);
	pump.press = pump.unpack = -1;
	code = end_crew(&crew, &pump, code, &said, err);
	if (!code && ret_unpacked) {
		sha256_hex(&pump.blob, ret_unpacked->blob);
		sha256_hex(&pump.diff, ret_unpacked->diff);
		code = read_answer(&said, directory, &ret_unpacked->bytes, err);
	}
	pump_close(&pump);
	buf_free(&said);
	return code;
}
