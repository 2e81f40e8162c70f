/*
 * image_import: a tar archive becomes an image. This process reads the archive
 * once, hashes it, and hands it on; runpod-unpack, which has given up all that it
 * could be robbed of, takes it apart.
 *
 * The archive travels over a socket pair instead of a pipe, because send(2) can be
 * told not to raise SIGPIPE when the other side has refused it. Lesson 13.
 */
#include "store/image.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "base/sha256.h"
#include "base/tool.h"
#include "store/image_name.h"
#include "store/image_store.h"
#include "store/program.h"

#define UNPACK	   "runpod-unpack"
#define CHUNK_SIZE 65536

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

/* Sends all bytes. -EPIPE when the reader has ended. */
static int send_all(int sock, const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = send(sock, bytes, length, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return errno == ECONNRESET ? -EPIPE : -errno;
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

/* Reads the archive to its end, hashing and handing it on. -EPIPE when nobody takes it any more. */
static int pump(int archive, int sock, struct sha256 *sha, struct err *err)
{
	cleanup_free char *chunk = mem_zalloc(CHUNK_SIZE);
	ssize_t n;
	int code;

	while ((n = read(archive, chunk, CHUNK_SIZE)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, errno, "read the archive");
		sha256_add(sha, chunk, (size_t)n);
		code = send_all(sock, chunk, (size_t)n);
		if (code)
			return err_set(err, -code, "hand the archive to " UNPACK);
	}
	return 0;
}

/* What runpod-unpack said, as our error. */
static int unpack_failed(int status, struct buf *said, struct err *err)
{
	const char *text = said->data && text_starts(said->data, UNPACK ": ")
				   ? said->data + strlen(UNPACK ": ")
				   : said->data;

	if (status > EXIT_SIGNAL_BASE)
		return err_set(err, 0, UNPACK " was ended by signal %d", status - EXIT_SIGNAL_BASE);
	return err_set(err, 0, "%.*s", (int)strcspn(text, "\n"), text);
}

/* Unpacks the archive into the directory; *ret_size is what the files hold. */
static int unpack(int archive, char *directory, struct sha256 *sha, int64_t *ret_size, struct err *err)
{
	cleanup_fd int ours = -1, theirs = -1;
	char path[PATH_MAX];
	char *argv[] = { path, directory, NULL };
	struct program program;
	struct buf said = { 0 };
	uint64_t size = 0;
	int pair[2], code, status;

	if (!find_unpack(path, sizeof(path), err))
		return -ENOENT;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(err, errno, "make a socket pair for " UNPACK);
	ours = pair[0];
	theirs = pair[1];
	code = program_start(argv, theirs, &program, err);
	if (code)
		return code;
	cleanup_fd_func(&theirs); /* or we would never learn that the program ended */
	theirs = -1;
	code = pump(archive, ours, sha, err);
	cleanup_fd_func(&ours);
	ours = -1;
	status = program_wait(&program, &said, code ? NULL : err);
	if (status > 0 && (!code || code == -EPIPE))
		code = unpack_failed(status, &said, err);
	else if (!code && status < 0)
		code = status;
	else if (!code)
		said.data[strcspn(said.data, "\n")] = '\0';
	if (!code && num_u64(said.data, INT64_MAX, &size))
		code = err_set(err, 0, UNPACK " did not say how much it unpacked");
	buf_free(&said);
	*ret_size = (int64_t)size;
	return code;
}

/* Unpacks into the scratch directory and puts it in place as an image. */
static int make_image(const struct store *store, int archive, const struct scratch *scratch,
		      struct image *image, struct err *err)
{
	cleanup_free char *rootfs = text_format("%s/tmp/%s/rootfs", store->root, scratch->name);
	char id[SHA256_HEX_SIZE];
	struct sha256 sha;
	int code;

	if (mkdirat(scratch->fd, "rootfs", 0755) < 0 || fchmodat(scratch->fd, "rootfs", 0755, 0) < 0)
		return err_set(err, errno, "make directory %s", rootfs);
	sha256_init(&sha);
	code = unpack(archive, rootfs, &sha, &image->size, err);
	if (code)
		return code;
	sha256_hex(&sha, id);
	image->id = text_dup(id);
	image->created = clock_wall();
	strv_add(&image->layers, "rootfs");
	return image_adopt(store, scratch, image, err);
}

int image_import(const struct store *store, const char *file, const char *name, struct image *ret_image,
		 struct err *err)
{
	cleanup_free char *full = NULL;
	cleanup_fd int opened = -1;
	struct image image = { 0 };
	struct scratch scratch;
	int code = name ? image_name_changeable(name, &full, err) : 0;

	if (!code && !text_equal(file, "-"))
		code = opened = io_open(AT_FDCWD, file, O_RDONLY, err);
	if (code >= 0)
		code = scratch_make(store, &scratch, err);
	if (code)
		return code;
	if (full)
		strv_add(&image.names, full);
	code = make_image(store, opened < 0 ? STDIN_FILENO : opened, &scratch, &image, err);
	scratch_end(&scratch);
	if (!code)
		*ret_image = image;
	else
		image_free(&image);
	return code ? err_context(err, code, "import %s", file) : 0;
}
