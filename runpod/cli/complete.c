/*
 * complete: the hidden verb that completion scripts ask. It reads the words that stand on the
 * line as the program itself would, by the same tables, up to the one that is to be finished.
 *
 * Answers are lines: the word, a tab, a few words about it. A last line ":files" asks the shell for its own
 * files. Nothing is written and no supervisor is asked; what cannot be read is passed over, since
 * an error in the middle of somebody's line helps nobody. Lesson 16.
 */
#include "cli/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/global.h"
#include "cli/verbs.h"

void complete_offer(const struct typed *typed, const char *word, const char *about)
{
	if (!text_starts(word, typed->begun) || strv_has(&typed->args, word))
		return;
	printf("%s%s%s%s\n", typed->before, word, about ? "\t" : "", about ? about : "");
}

void complete_list(const struct typed *typed, const char *words)
{
	struct strv list = { 0 };

	strv_split(&list, words, ' ');
	for (size_t i = 0; i < list.n; i++)
		if (*list.v[i])
			complete_offer(typed, list.v[i], NULL);
	strv_free(&list);
}

static void offer_options(const struct typed *typed, const struct opt *table)
{
	for (const struct opt *row = opt_first(table); row; row = opt_next(row)) {
		char name[64], letter[] = { '-', row->letter, '\0' };

		if (!row->help)
			continue;
		snprintf(name, sizeof(name), "--%s", row->name);
		complete_offer(typed, name, row->help);
		if (row->letter)
			complete_offer(typed, letter, row->help);
	}
	complete_offer(typed, "--help", "Show the help");
}

static void offer_commands(const struct typed *typed)
{
	for (const struct command *row = cli_next_below(typed->cli, typed->command, NULL); row;
	     row = cli_next_below(typed->cli, typed->command, row)) {
		const char *space = strrchr(row->words, ' ');

		if (row->brief)
			complete_offer(typed, space ? space + 1 : row->words, row->brief);
	}
}

static bool takes_value(const struct opt *row)
{
	return row && row->type != OPT_BOOL && row->type != OPT_SWITCH && row->type != OPT_REFUSED;
}

static const struct opt *by_letter(const struct opt *table, char letter)
{
	for (const struct opt *row = opt_first(table); row; row = opt_next(row))
		if (row->letter == letter)
			return row;
	return NULL;
}

/* The option that word ends with and whose value comes next: "--pod", "-f", the f of "-af"; NULL: none. */
static const struct opt *waits_for_value(const struct opt *table, const char *word)
{
	const struct opt *row = NULL;

	if (word[0] != '-' || !word[1])
		return NULL;
	if (word[1] == '-') {
		row = strchr(word, '=') ? NULL : opt_find(table, word + 2);
		return takes_value(row) ? row : NULL;
	}
	for (const char *letter = word + 1; *letter; letter++) {
		row = by_letter(table, *letter);
		if (takes_value(row))
			return letter[1] ? NULL : row; /* else the rest is the value */
	}
	return NULL;
}

/* How the words are read. */
struct reader {
	const struct opt *table;
	const struct verb *verb;   /* NULL: the program's own options, which end at the command */
	const struct opt *waiting; /* whose value the next word is */
	bool ended;		   /* no more options: "--", or a command of a container has begun */
};

/* Whether the options of the verb end at its nth argument. */
static bool ends_options(const struct verb *verb, size_t n)
{
	const char *words;

	return complete_argument(verb, n, &words) == COMPLETE_COMMAND || verb->first_ends_options;
}

/* Reads words up to n, or up to the command where there is no verb yet; returns how many. */
static int read_words(struct reader *reader, char *const *words, int n, struct typed *typed)
{
	int i;

	for (i = 0; i < n; i++) {
		if (reader->waiting) {
			if (!reader->verb && !strcmp(reader->waiting->name, "root"))
				text_replace(&typed->cli->root, text_dup(words[i]));
			if (!reader->verb && !strcmp(reader->waiting->name, "runroot"))
				text_replace(&typed->cli->run_root, text_dup(words[i]));
			reader->waiting = NULL;
		} else if (reader->ended || words[i][0] != '-') {
			if (!reader->verb)
				break;
			strv_add(&typed->args, words[i]);
			reader->ended = reader->ended || ends_options(reader->verb, typed->args.n);
		} else if (!strcmp(words[i], "--")) {
			reader->ended = true;
		} else if (!reader->verb && text_starts(words[i], "--root=")) {
			text_replace(&typed->cli->root, text_dup(strchr(words[i], '=') + 1));
		} else if (!reader->verb && text_starts(words[i], "--runroot=")) {
			text_replace(&typed->cli->run_root, text_dup(strchr(words[i], '=') + 1));
		} else {
			reader->waiting = waits_for_value(reader->table, words[i]);
		}
	}
	return i;
}

static void answer(const struct typed *typed, enum complete_kind kind, const char *words)
{
	if (words)
		complete_list(typed, words);
	complete_kind(typed, kind);
}

/* Finishes the value of an option. */
static void answer_value(struct typed *typed, const struct verb *verb, const struct opt *option)
{
	const char *words = NULL;
	enum complete_kind kind = complete_value(verb, option, &words);
	struct strv args = typed->args;

	typed->args = (struct strv){ 0 }; /* a value may be an argument too */
	answer(typed, kind, words);
	typed->args = args;
}

/* "--restart=al": the option's name stands in front of every answer. */
static bool answer_joined(struct typed *typed, const struct reader *reader)
{
	const char *equals = strchr(typed->begun, '=');
	cleanup_free char *before = NULL, *name = NULL;
	const struct opt *option;

	if (!equals || !text_starts(typed->begun, "--"))
		return false;
	before = text_ndup(typed->begun, (size_t)(equals + 1 - typed->begun));
	name = text_ndup(typed->begun + 2, (size_t)(equals - typed->begun - 2));
	option = opt_find(reader->table, name);
	if (option) {
		typed->before = before;
		typed->begun = equals + 1;
		if (takes_value(option))
			answer_value(typed, reader->verb, option);
		else
			complete_list(typed, "true false");
		typed->before = "";
	}
	return true;
}

static void answer_word(struct typed *typed, struct reader *reader)
{
	const char *words = NULL;
	enum complete_kind kind;

	if (reader->waiting) {
		answer_value(typed, reader->verb, reader->waiting);
	} else if (!reader->ended && typed->begun[0] == '-') {
		if (!answer_joined(typed, reader))
			offer_options(typed, reader->table);
	} else if (reader->verb) {
		kind = complete_argument(reader->verb, typed->args.n, &words);
		if (!typed->args.n)
			offer_commands(typed); /* create takes an image, or "configmap" */
		answer(typed, kind, words);
	} else {
		offer_commands(typed);
	}
}

static int complete(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	struct typed typed = { .cli = cli, .before = "", .begun = args->n ? args->v[args->n - 1] : "" };
	int n = args->n ? (int)args->n - 1 : 0, used = 0;
	struct reader reader = { .table = global_options };
	int first = read_words(&reader, args->v, n, &typed);

	(void)flags, (void)err;
	if (first < n && !strcmp(args->v[first], "help"))
		first++; /* help X Y: the words of commands alone */
	typed.command = cli_find(cli, args->v + first, n - first, &used);
	if (typed.command && typed.command->verb) {
		reader = (struct reader){ typed.command->verb->options, typed.command->verb, NULL, false };
		read_words(&reader, args->v + first + used, n - first - used, &typed);
		answer_word(&typed, &reader);
	} else if (first + used == n) {
		if (typed.command)
			reader = (struct reader){ 0 };
		answer_word(&typed, &reader);
	}
	strv_free(&typed.args);
	return 0;
}

const struct verb verb_complete = {
	.usage = "-- WORD...",
	.description = "Prints what the last word can be, one a line; the completion scripts call it.",
	.max_args = -1,
	.run = complete,
};
