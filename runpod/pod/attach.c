/*
 * attach: between the caller's descriptors and the supervisor's socket, by one
 * poll(2). Signals come through a signalfd: SIGWINCH becomes the window's size,
 * the others are passed on to the program. Lesson 19.
 */
#include "pod/attach.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "pod/terminal.h"
#include "pod/wire.h"

struct stream {
	int sock;
	const struct attach_options *options;
	struct detach_keys keys;
	int signals;  /* signalfd */
	bool in_open; /* standard input is still read */
	bool ended;   /* the exit code came */
	bool detached;
	int exit_code;
};

static int send_packet(struct stream *stream, char type, const char *bytes, size_t len)
{
	char packet[1 + 4096 + 32];

	packet[0] = type;
	memcpy(packet + 1, bytes, len);
	return io_send(stream->sock, packet, len + 1, NULL, 0);
}

static void send_window(struct stream *stream)
{
	struct winsize size;
	char text[32];

	if (!stream->options->tty || ioctl(0, TIOCGWINSZ, &size) < 0)
		return;
	snprintf(text, sizeof(text), "%u %u", size.ws_row, size.ws_col);
	send_packet(stream, WIRE_WINDOW, text, strlen(text));
}

static void signal_came(struct stream *stream)
{
	struct signalfd_siginfo info;
	char text[16];

	if (read(stream->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGWINCH)
		send_window(stream);
	else {
		snprintf(text, sizeof(text), "%u", info.ssi_signo);
		send_packet(stream, WIRE_SIGNAL, text, strlen(text));
	}
}

static int input_came(struct stream *stream)
{
	char bytes[4096], out[4096 + 16];
	ssize_t n = read(0, bytes, sizeof(bytes));
	size_t len;
	bool leave;
	int code = 0;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		stream->in_open = false;
		return send_packet(stream, WIRE_INPUT_END, "", 0);
	}
	leave = detach_filter(&stream->keys, bytes, (size_t)n, out, &len);
	if (len)
		code = send_packet(stream, WIRE_INPUT, out, len);
	stream->detached = leave;
	return code;
}

/* One packet from the supervisor. Returns 1 at its end. */
static int packet_came(struct stream *stream, struct err *err)
{
	static char packet[WIRE_MAX];
	ssize_t got = io_receive(stream->sock, packet, sizeof(packet) - 1, NULL, NULL);
	int64_t number;
	int code = 0;

	if (got <= 0)
		return 1;
	packet[got] = '\0';
	if (packet[0] == WIRE_OUTPUT)
		code = io_write_all(1, packet + 1, (size_t)got - 1);
	else if (packet[0] == WIRE_ERROR)
		code = io_write_all(2, packet + 1, (size_t)got - 1);
	else if (packet[0] == WIRE_EXIT && !num_i64(packet + 1, -1, 255, &number)) {
		stream->ended = true;
		stream->exit_code = (int)number;
	}
	return code ? err_set(err, -code, "write the program's output") : 0;
}

/* All signals that a user may send us go to the program instead; SIGCHLD, SIGPIPE and those that stop us stay ours. */
static int open_signals(const struct attach_options *options)
{
	sigset_t signals;

	sigemptyset(&signals);
	if (options->sig_proxy) {
		static const int passed[] = { SIGHUP,  SIGINT,	SIGQUIT, SIGTERM,
					      SIGUSR1, SIGUSR2, SIGALRM, SIGCONT };

		for (size_t i = 0; i < sizeof(passed) / sizeof(*passed); i++)
			sigaddset(&signals, passed[i]);
	}
	if (options->tty)
		sigaddset(&signals, SIGWINCH);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC);
}

static int stream_loop(struct stream *stream, struct err *err)
{
	for (;;) {
		struct pollfd fds[] = { { stream->sock, POLLIN, 0 },
					{ stream->signals, POLLIN, 0 },
					{ stream->in_open ? 0 : -1, POLLIN, 0 } };
		int code = 0;

		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return err_set(err, errno, "wait for the program's output");
		if (fds[1].revents)
			signal_came(stream);
		if (fds[0].revents)
			code = packet_came(stream, err);
		if (code)
			return code > 0 ? 0 : code;
		if (fds[2].revents && !stream->ended)
			input_came(stream); /* what cannot be sent: the end of the socket will say why */
		if (stream->detached)
			return 0;
	}
}

/* Nobody reads our output any more (`| head -1`): end as every program in a pipeline does. It was only
 * put off until the terminal was itself again; the container goes on, as with podman. See pipe(7). */
static void end_by_sigpipe(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

int attach_stream(int sock, const struct attach_options *options, int *ret_exit, bool *ret_detached,
		  struct err *err)
{
	struct stream stream = {
		.sock = sock, .options = options, .in_open = options->in, .exit_code = EXIT_UNKNOWN
	};
	int code = detach_parse(options->detach_keys, &stream.keys, err);

	if (code)
		return code;
	stream.signals = open_signals(options);
	signal(SIGPIPE, SIG_IGN);
	if (options->tty && options->in)
		terminal_raw();
	else
		stream.keys.n = 0; /* keys are typed; bytes of a pipe mean themselves */
	send_window(&stream);
	code = stream_loop(&stream, err);
	terminal_restore();
	if (code == -EPIPE)
		end_by_sigpipe();
	close(stream.signals);
	*ret_exit = stream.exit_code;
	*ret_detached = stream.detached;
	return code;
}
