/*
 * complete: what the word can be that a user is about to finish. complete.c finds out what is
 * asked for from the command table and the option tables; complete_words.c knows what the arguments and
 * values of each verb are; complete_names.c looks at what there is right now.
 */
#ifndef RUNPOD_CLI_COMPLETE_H
#define RUNPOD_CLI_COMPLETE_H

#include "cli/cli.h"

/* What an argument or the value of an option names. */
enum complete_kind {
	COMPLETE_NOTHING,
	COMPLETE_WORDS,	  /* a list of words, and no more */
	COMPLETE_FILE,	  /* left to the shell */
	COMPLETE_COMMAND, /* of a container: another program's words begin here; files, as a guess */
	COMPLETE_CTR,	  /* any container */
	COMPLETE_ALIVE,	  /* one with processes */
	COMPLETE_PAUSED,  /* one that unpause can help */
	COMPLETE_DEAD,	  /* one that start can help */
	COMPLETE_POD,	  /* any pod */
	COMPLETE_TARGET,  /* a running container, or a pod that has one: exec and logs, as kubectl has them */
	COMPLETE_PART,	  /* a pod or a container */
	COMPLETE_IMAGE,	  /* its short names */
	COMPLETE_VOLUME,
	COMPLETE_SOURCE,   /* of a mount: a volume, or a file */
	COMPLETE_OBJECT,   /* anything that inspect finds */
	COMPLETE_RESOURCE, /* kubectl's: a kind, then names of that kind */
	COMPLETE_FIELD,	   /* pod.spec.containers */
};

/* How far the user is. */
struct typed {
	struct cli *cli;
	const struct command *command; /* or NULL: still at the program's own words */
	struct strv args;	       /* its arguments so far, without options and their values */
	const char *before;	       /* in front of each answer: "--restart=", or "" */
	const char *begun;	       /* what is to be finished, without that */
};

/* Prints word if it begins as the user began and is no argument yet; about (may be NULL) stands behind a tab. */
void complete_offer(const struct typed *typed, const char *word, const char *about);

/* Each of the words of a list separated by blanks. */
void complete_list(const struct typed *typed, const char *words);

/* All that an argument or value of that kind can be. complete_names.c. */
void complete_kind(const struct typed *typed, enum complete_kind kind);

/* Argument number n (from 0) of a verb; its value for an option of that name. words gets a list, or NULL, that is offered
 * too. complete_words.c. */
enum complete_kind complete_argument(const struct verb *verb, size_t n, const char **ret_words);
enum complete_kind complete_value(const struct verb *verb, const struct opt *option, const char **ret_words);

#endif
