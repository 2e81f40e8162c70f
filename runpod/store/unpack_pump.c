/*
 * unpack_pump: three descriptors and two hashes. Both hashes are made here, of
 * the bytes as they pass: a program that was taken over by the archive that it reads
 * cannot claim another archive's digest, and layers are shared by that.
 *
 * The programs are at the other end of sockets instead of pipes, because send(2) can be
 * told not to raise SIGPIPE when the other side has refused the archive, and not to wait (see poll(2)):
 * who decompresses may have output for us just when we have input for it. Lesson 13.
 */
#include "store/unpack_pump.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

#define CHUNK_SIZE 65536

/* Reads the next bytes of the archive. Returns how many, 0 at its end, or -errno. */
static ssize_t fill(struct pump *pump, struct err *err)
{
	ssize_t n;

	do
		n = read(pump->archive, pump->chunk, CHUNK_SIZE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_set(err, errno, "read the archive");
	if (pump->hash)
		sha256_add(&pump->blob, pump->chunk, (size_t)n);
	if (pump->progress)
		pump->progress->moved(pump->progress, n);
	pump->at = 0;
	pump->n = (size_t)n;
	return n;
}

/* Sends bytes to whoever unpacks. -EPIPE when it has ended. */
static int hand_over(struct pump *pump, const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = send(pump->unpack, bytes, length, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR) {
			pump->refused = errno == EPIPE || errno == ECONNRESET;
			return pump->refused ? -EPIPE : -errno;
		}
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

static bool is_compressed(const char *bytes, size_t n)
{
	static const struct {
		const char *bytes;
		size_t length;
	} magics[] = { { "\x1f\x8b", 2 },
		       { "BZh", 3 },
		       { "\xfd"
			 "7zXZ",
			 5 },
		       { "\x28\xb5\x2f\xfd", 4 } };

	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (n >= magics[i].length && !memcmp(bytes, magics[i].bytes, magics[i].length))
			return true;
	/* zstd allows frames to be passed over in front: 0x184d2a50 to 0x184d2a5f */
	return n >= 4 && (bytes[0] & 0xf0) == 0x50 && !memcmp(bytes + 1, "\x2a\x4d\x18", 3);
}

int pump_open(struct pump *pump, int archive, bool hash, struct progress *progress, bool *ret_compressed,
	      struct err *err)
{
	ssize_t n;

	*pump = (struct pump){
		.archive = archive, .press = -1, .unpack = -1, .progress = progress, .hash = hash
	};
	pump->chunk = mem_zalloc(CHUNK_SIZE);
	sha256_init(&pump->blob);
	sha256_init(&pump->diff);
	n = fill(pump, err);
	*ret_compressed = n > 0 && is_compressed(pump->chunk, (size_t)n);
	return n < 0 ? (int)n : 0;
}

/* Nothing to decompress: one stream. */
static int run_plain(struct pump *pump, struct err *err)
{
	ssize_t n = (ssize_t)pump->n;
	int code = 0;

	for (; n > 0 && !code; n = code ? 0 : fill(pump, err))
		code = hand_over(pump, pump->chunk, (size_t)n);
	pump->diff = pump->blob;
	return code ? code : (int)n;
}

/* Sends what whoever decompresses takes without waiting; at the end of the archive, says so. */
static int feed(struct pump *pump, bool *ret_fed, struct err *err)
{
	ssize_t n = pump->at < pump->n ? (ssize_t)(pump->n - pump->at) : fill(pump, err);

	if (n < 0)
		return (int)n;
	if (!n) {
		*ret_fed = true;
		return shutdown(pump->press, SHUT_WR) < 0 && errno != ENOTCONN ? -errno : 0;
	}
	n = send(pump->press, pump->chunk + pump->at, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		pump->at += (size_t)n;
	else if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
		*ret_fed = true; /* it had enough; its exit status tells whether that was right */
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		return -errno;
	return 0;
}

/* Takes what came out. Returns how many bytes, 0 at the end, or -errno. */
static ssize_t take(struct pump *pump, char *bytes)
{
	ssize_t n = recv(pump->press, bytes, CHUNK_SIZE, 0);
	int code;

	if (n < 0)
		return errno == ECONNRESET ? 0 : errno == EINTR ? 1 : -errno;
	sha256_add(&pump->diff, bytes, (size_t)n);
	code = hand_over(pump, bytes, (size_t)n);
	return code ? code : n;
}

static int run_pressed(struct pump *pump, struct err *err)
{
	cleanup_free char *bytes = mem_zalloc(CHUNK_SIZE);
	bool fed = false;
	ssize_t n = 1;
	int code = 0;

	while (!code && n > 0) {
		struct pollfd wait = { .fd = pump->press, .events = (short)(POLLIN | (fed ? 0 : POLLOUT)) };

		if (poll(&wait, 1, -1) < 0 && errno != EINTR)
			return -errno;
		if (wait.revents & (POLLIN | POLLHUP | POLLERR))
			n = take(pump, bytes);
		if (!fed && n > 0 && wait.revents & POLLOUT)
			code = feed(pump, &fed, err);
	}
	while (!code && !n && !fed && (n = fill(pump, err)) > 0)
		; /* the rest counts for the hash, whoever wanted it or not */
	return code ? code : n < 0 ? (int)n : 0;
}

int pump_run(struct pump *pump, struct err *err)
{
	int code = pump->press < 0 ? run_plain(pump, err) : run_pressed(pump, err);

	return code ? err_set(err, -code, "hand the archive to runpod-unpack") : 0;
}

void pump_close(struct pump *pump)
{
	cleanup_fd_func(&pump->press);
	cleanup_fd_func(&pump->unpack);
	free(pump->chunk);
	*pump = (struct pump){ .press = -1, .unpack = -1 };
}
