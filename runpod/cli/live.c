/*
 * live: the terminal, taken and given back; live.h tells the rule. The second
 * screen (?1049) and the cursor (?25) are those of xterm's control sequences,
 * console_codes(4); the shell's lines stand untouched behind it.
 */
#include "cli/live.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/io.h"
#include "base/num.h"

#define ENTER	   "\033[?1049h\033[?25l"
#define LEAVE	   "\033[?25h\033[?1049l"
#define HOME	   "\033[H"
#define CLEAR_LINE "\033[K"
#define CLEAR_REST "\033[J"
#define MILLI	   INT64_C(1000000)
#define ROWS	   24 /* where the terminal does not tell */
#define COLUMNS	   80

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH };

static void say(const char *text)
{
	io_write_all(STDOUT_FILENO, text, strlen(text));
}

static void enter(struct live *live)
{
	struct termios raw = live->modes;

	if (live->keys) {
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO); /* keys one by one; ^C stays a signal */
		raw.c_cc[VMIN] = 1;
		raw.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	say(ENTER);
}

static void leave(struct live *live)
{
	say(LEAVE);
	if (live->keys)
		tcsetattr(STDIN_FILENO, TCSAFLUSH,
			  &live->modes); /* keys that nobody read are not the shell's */
}

int live_begin(struct live *live, struct err *err)
{
	sigset_t set;

	*live = (struct live){ 0 };
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++)
		sigaddset(&set, caught[i]);
	sigprocmask(SIG_BLOCK, &set, &live->before);
	live->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (live->signals < 0) {
		int code = err_set(err, errno, "make a signalfd");

		sigprocmask(SIG_SETMASK, &live->before, NULL);
		return code;
	}
	live->keys = !tcgetattr(STDIN_FILENO, &live->modes);
	enter(live);
	return 0;
}

void live_fit(const char *text, int rows, int columns, struct buf *ret_screen)
{
	int row = 0;

	buf_text(ret_screen, "");
	for (; row < rows && *text; row++) {
		size_t length = strcspn(text, "\n"), kept = 0;
		int column = 0;

		for (; kept < length; kept++) { /* a byte that continues a character takes no column */
			column += ((unsigned char)text[kept] & 0xc0) != 0x80;
			if (column > columns)
				break;
		}
		/* cleared first: behind a full line the cursor still stands on its last column */
		buf_text(ret_screen, row ? "\r\n" CLEAR_LINE : CLEAR_LINE);
		buf_add(ret_screen, text, kept);
		text += length + (text[length] == '\n');
	}
	if (row < rows)
		buf_text(ret_screen, row ? "\r\n" CLEAR_REST : CLEAR_REST);
}

static void draw_again(struct live *live)
{
	struct winsize size = { 0 };
	struct buf screen = { 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	buf_text(&screen, HOME);
	live_fit(live->shown.data, size.ws_row ? size.ws_row : ROWS, size.ws_col ? size.ws_col : COLUMNS,
		 &screen);
	io_write_all(STDOUT_FILENO, screen.data, screen.len);
	buf_free(&screen);
}

void live_draw(struct live *live, const char *text)
{
	buf_free(&live->shown);
	buf_text(&live->shown, text);
	draw_again(live);
}

/* ^Z: the shell gets its terminal back until it lets us go on. */
static void stop_here(struct live *live)
{
	leave(live);
	raise(SIGSTOP);
	enter(live);
	draw_again(live);
}

/* Returns false when it is to end. */
static bool take_signal(struct live *live)
{
	struct signalfd_siginfo info;

	while (read(live->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGWINCH) {
			draw_again(live);
		} else if (info.ssi_signo == SIGTSTP) {
			stop_here(live);
		} else {
			live->signal = (int)info.ssi_signo;
			return false;
		}
	}
	return true;
}

/* Returns false at q, and when the terminal has gone. */
static bool take_key(void)
{
	char key;
	ssize_t n = read(STDIN_FILENO, &key, 1);

	if (n <= 0)
		return n < 0 && errno == EINTR;
	return key != 'q' && key != 'Q';
}

bool live_wait(struct live *live, int64_t nanoseconds)
{
	int64_t until = clock_boot() + nanoseconds, left;

	while ((left = until - clock_boot()) > 0) {
		struct pollfd ready[] = { { .fd = live->signals, .events = POLLIN },
					  { .fd = live->keys ? STDIN_FILENO : -1, .events = POLLIN } };

		if (poll(ready, 2, (int)(left / MILLI) + 1) < 0 && errno != EINTR)
			return false;
		if (ready[0].revents && !take_signal(live))
			return false;
		if (ready[1].revents && !take_key())
			return false;
	}
	return true;
}

void live_end(struct live *live)
{
	leave(live);
	close(live->signals);
	buf_free(&live->shown);
	sigprocmask(SIG_SETMASK, &live->before, NULL);
	if (live->signal)
		raise(live->signal);
}
