/*
 * logread: reads what the log keeper wrote: the CRI format of k8s-file,
 *
 *	2006-01-02T15:04:05.999999999Z stdout F text
 *
 * or docker's json-file. A line that came in pieces (P) is put together. The
 * predecessor of a rotated file, ctr.log.1, is read before it.
 */
#ifndef RUNPOD_POD_LOGREAD_H
#define RUNPOD_POD_LOGREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "store/names.h"
#include "store/record.h"

struct log_line {
	int64_t when;	    /* nanoseconds since 1970 */
	char when_text[40]; /* as it stands in the file */
	bool is_err;	    /* stderr, else stdout */
	bool partial;	    /* the last line, which has no newline (yet) */
	struct buf text;    /* without the newline */
};

/* One log being read. */
struct logread {
	char *path;
	bool json;		   /* json-file */
	int fd;			   /* -1: nothing to read (yet) */
	ino_t inode;		   /* of the open file: a rotation puts another in its place */
	struct buf waiting;	   /* bytes that are no whole record yet */
	struct log_line pieces[2]; /* P records so far, of stdout and of stderr */
};

/* Opens the log of a container, at its oldest line. Driver none is -EINVAL; a log that is not there yet is empty. */
int logread_open(const struct store *store, const struct ctr_record *ctr, struct logread *ret_reader,
		 struct err *err);

/* The next line into line (its text is replaced). Returns 1, 0 at the end for now, or -errno. */
int logread_next(struct logread *reader, struct log_line *line, struct err *err);

/* At the end for good: a piece without a newline as a line of its own. Returns 1 or 0. */
int logread_rest(struct logread *reader, struct log_line *line);

void logread_close(struct logread *reader);

/* Reads RFC 3339 time; 0 or -EINVAL. */
int logread_time(const char *text, int64_t *ret_when);

#endif
