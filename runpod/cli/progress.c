/*
 * progress: one line that is written again and again: "\r" goes back to its
 * beginning, and CSI K wipes what is left of it (see console_codes(4)). It is written past stdio, which
 * shows such bytes (screen.h).
 */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "cli/when.h"

#define WIDTH	 30
#define INTERVAL INT64_C(100000000) /* ten times a second is enough for eyes */

bool bar_wanted(bool quiet)
{
	return !quiet && isatty(STDERR_FILENO);
}

static void draw(struct bar *bar)
{
	static const char full[WIDTH + 1] = "==============================";
	cleanup_free char *done = size_text(bar->done), *total = size_text(bar->total);
	int64_t length = bar->total ? bar->done * WIDTH / bar->total : 0;

	bar->drawn = clock_boot();
	if (length > WIDTH)
		length = WIDTH;
	if (bar->total)
		dprintf(STDERR_FILENO, "\r%s [%-*.*s] %s / %s\033[K", bar->what, WIDTH, (int)length, full,
			done, total);
	else
		dprintf(STDERR_FILENO, "\r%s %s\033[K", bar->what, done);
}

static void begin(struct progress *progress, const char *what, int64_t total)
{
	struct bar *bar = (struct bar *)progress;

	bar->what = what;
	bar->done = 0;
	bar->total = total;
	draw(bar);
}

static void moved(struct progress *progress, int64_t bytes)
{
	struct bar *bar = (struct bar *)progress;

	bar->done += bytes;
	if (bar->done >= bar->total || clock_boot() - bar->drawn > INTERVAL)
		draw(bar);
}

struct progress *bar_begin(struct bar *bar, bool quiet)
{
	*bar = (struct bar){ .progress = { .begin = begin, .moved = moved } };
	return bar_wanted(quiet) ? &bar->progress : NULL;
}

void bar_end(struct bar *bar)
{
	if (bar->what)
		dprintf(STDERR_FILENO, "\r\033[K");
	bar->what = NULL;
}
