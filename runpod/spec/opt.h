/*
 * opt: command-line options from a table, in the manner podman users know.
 *
 * A table row says how an option is called, what it takes and which member of
 * a structure it fills. Parsing, error texts and the "Options:" part of the
 * help all come from that one table.
 *
 *	--name value, --name=value, -nvalue, -n value, -n=value; booleans --all,
 *	--all=false, bundled as -alq; "--" ends the options.
 */
#ifndef RUNPOD_SPEC_OPT_H
#define RUNPOD_SPEC_OPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"

enum opt_type {
	OPT_BOOL,    /* bool */
	OPT_SWITCH,  /* int64_t, 1 or 0: for an option whose absence means a third thing (set -1 before) */
	OPT_INT,     /* int64_t */
	OPT_UINT,    /* int64_t, at least 0 */
	OPT_TEXT,    /* char *, owned; the last one given wins */
	OPT_STRV,    /* struct strv; each use adds one */
	OPT_LIST,    /* struct strv; each use adds one or several, separated by commas */
	OPT_REFUSED, /* nothing: left out on purpose; metavar says what to do instead */
	OPT_CALL,    /* parse(value, member, err) does it; its error text stands alone */
};

/* Reads value into member (the target structure at the row's offset). Returns 0 or -errno. */
typedef int opt_parse_fn(const char *value, void *member, struct err *err);

struct opt {
	const char *name; /* without "--" */
	char letter;	  /* short form, or 0 */
	enum opt_type type;
	size_t offset;		/* of the member in the target */
	const char *metavar;	/* what the help calls the value: "string", "int"; NULL for booleans */
	const char *help;	/* one line; NULL: an alias, not shown */
	opt_parse_fn *parse;	/* of OPT_CALL */
	const struct opt *more; /* in the last row (name NULL): the table that follows, or NULL */
};

/* What opt_parse returns when help was asked for. */
#define OPT_HELP 1

/*
 * Parses the arguments behind the verb. command ("podman run") is named in
 * the "See 'podman run --help'" line that follows the text of an unknown or
 * incomplete option. interspersed: options may stand behind positional
 * arguments; false: the first positional ends the options (run, exec).
 *
 * The target keeps what it held where no option says otherwise: set defaults
 * before. Positional arguments are appended to ret_args. Returns 0, OPT_HELP
 * at --help (and at -h where no option has that letter), or -EINVAL.
 */
int opt_parse(const struct opt *table, const char *command, int argc, char *const *argv, bool interspersed,
	      void *target, struct strv *ret_args, struct err *err);

/* Appends the line "See 'podman run --help'" to the text of err (command NULL: nothing). Returns code. */
int opt_usage(const char *command, int code, struct err *err);

/* The lines under "Options:": sorted by name, aligned, each ending in a newline. Owned by the caller. */
char *opt_help(const struct opt *table);

/* The row of that long name, or NULL. */
const struct opt *opt_find(const struct opt *table, const char *name);

/* The row behind this one, over the borders of joined tables; NULL at the end. For completion:
 * for (o = opt_first(table); o; o = opt_next(o)). */
const struct opt *opt_first(const struct opt *table);
const struct opt *opt_next(const struct opt *row);

#endif
