/*
 * journal: what has happened, one line of JSON an event, for `events` to show.
 *
 *	RUN/events      the present file
 *	RUN/events.1    the one before it: at a mebibyte a new one is begun
 *
 * Commands and supervisors write it side by side and need no lock: a write(2) to a file
 * opened with O_APPEND moves to the end and writes in one step (see open(2)).
 */
#ifndef RUNPOD_STORE_JOURNAL_H
#define RUNPOD_STORE_JOURNAL_H

#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "store/paths.h"

/* One event. */
struct event {
	int64_t time;		/* nanoseconds since 1970 */
	char *type;		/* container, pod, image or volume */
	char *action;		/* create, start, died, … */
	char *id;		/* of whom; a volume's is its name */
	char *name;		/* as it was called then */
	struct strv attributes; /* key=value; a container's: image, podId, containerExitCode, its labels */
};

/* Notes an event that happens now; name and attributes may be NULL. What cannot be written is lost: no command
 * fails because of its own trace. */
void journal_add(const struct store *store, const char *type, const char *action, const char *id,
		 const char *name, const struct strv *attributes);

/* Someone who reads the journal. */
struct journal {
	int dir;	 /* the run directory */
	int fd;		 /* the file being read; -1: none yet */
	int watch;	 /* inotify(7) of the run directory; -1 */
	struct buf text; /* read, but not yet handed out */
};

/* Begins to read at the oldest event kept. Returns 0 or -errno; journal_close() in every case. */
int journal_open(const struct store *store, struct journal *ret_journal, struct err *err);

/* The next event: 1, and it is the caller's to free; 0 when there is no further one by now. */
int journal_next(struct journal *journal, struct event *ret_event);

/* Sleeps until something is written, at most that many milliseconds (-1: for ever). Returns 0 or -errno. */
int journal_wait(struct journal *journal, int timeout_ms, struct err *err);

void journal_close(struct journal *journal);
void event_free(struct event *event);

#endif
