/*
 * cli: what the verbs of the command line share. A verb is one `struct verb`
 * in a file of its family and one row in the command table of main.c.
 *
 * A verb turns arguments into a call of pod/ or store/ and the result into
 * lines on stdout. It never prints an error: it returns one, or hands it to
 * cli_fail() and goes on with the next argument.
 */
#ifndef RUNPOD_CLI_CLI_H
#define RUNPOD_CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "spec/opt.h"
#include "store/paths.h"

struct command;

/* What one call of the program knows. */
struct cli {
	const char *program;	       /* the name it was called with: runpod, podman, docker */
	const struct command *table;   /* all commands */
	const struct command *command; /* the one that runs */
	char *path;		       /* "podman pod stop" */
	int argc;		       /* the whole command line, for CreateCommand */
	char *const *argv;
	char *root; /* --root, --runroot as given, or NULL */
	char *run_root;
	int64_t log_level;  /* how much to tell: 0 errors only, 1 warnings too, 2 all */
	struct store store; /* valid after cli_store() */
	bool store_open;
	struct strv failures; /* texts of the errors so far, in order */
	int failure_status;   /* the exit status they ask for; 0: 125 */
};

/* How one verb is called, explained and run. */
struct verb {
	const char *usage;	   /* behind the words: "[options] POD [POD...]" */
	const char *description;   /* a sentence or two; NULL: the table's short help */
	const char *examples;	   /* lines without the program's name; NULL: none */
	const struct opt *options; /* NULL: none */
	size_t flags_size;	   /* of the structure that options fill */
	const void *defaults;	   /* what it holds before; NULL: zeroes. No text: that would be freed */
	int min_args, max_args;	   /* how many arguments; max_args -1: any number */
	bool first_ends_options;   /* what follows the first argument belongs to another command */
	bool passes_output;	   /* prints what containers wrote, to terminals too as it is (screen.h) */
	/* Does it. Returns the exit status, or -errno with err set. */
	int (*run)(struct cli *cli, void *flags, struct strv *args, struct err *err);
	/* Instead of all of the above but usage and texts: parses the arguments itself. May return CLI_HELP. */
	int (*run_raw)(struct cli *cli, int argc, char *const *argv, struct err *err);
};

#define CLI_HELP 1000 /* run_raw: print the help */

/* A row of the command table. */
struct command {
	const char *words;	 /* "pod stop" */
	const char *aliases;	 /* other last words, separated by blanks: "list ls"; NULL: none */
	const struct verb *verb; /* NULL: a family (pod, container) with commands below it */
	const char *brief;	 /* short help; NULL: works, but is not listed */
};

/* Runs the command whose words begin at argv[0]. Returns the exit status, or -errno with err set. */
int cli_dispatch(struct cli *cli, int argc, char *const *argv, struct err *err);

/* Prints the help of a command (NULL: of the program) on stdout. help.c. */
void cli_help(const struct cli *cli, const struct command *command);

/* The command that the words at args name; *ret_used: how many of them. NULL when the first is none. */
const struct command *cli_find(const struct cli *cli, char *const *args, int n, int *ret_used);

/* Whether some command stands below the family command (NULL: the program): its row, from row on (NULL: the
 * first). For help and completion. */
const struct command *cli_next_below(const struct cli *cli, const struct command *family,
				     const struct command *row);

/* Opens the store at first use. */
int cli_store(struct cli *cli, struct err *err);

/* Notes an error and goes on; main prints it and ends with the highest of their exit statuses. */
void cli_fail(struct cli *cli, const struct err *err);

/* Prints lines that are no error (a stop that needed SIGKILL) on stderr. */
void cli_warn(const struct cli *cli, const struct strv *lines);

/* Frees what cli holds and closes the store. */
void cli_free(struct cli *cli);

#endif
