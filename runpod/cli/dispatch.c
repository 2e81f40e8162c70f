/*
 * dispatch: from words to a verb. Finds the row of the command table, parses
 * the options that its verb declares, checks how many arguments there are, and
 * runs it. Knows no verb itself. Lesson 16 is where a learner first types them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/refused.h"
#include "cli/screen.h"

/* Whether the last word of the command, or one of its aliases, is word. */
static bool last_word_is(const struct command *command, const char *word)
{
	const char *space = strrchr(command->words, ' ');
	struct strv aliases = { 0 };
	bool is = !strcmp(space ? space + 1 : command->words, word);

	if (!is && command->aliases) {
		strv_split(&aliases, command->aliases, ' ');
		is = strv_has(&aliases, word);
		strv_free(&aliases);
	}
	return is;
}

/* Whether command stands directly below family (NULL: the program). */
static bool is_below(const struct command *command, const struct command *family)
{
	const char *space = strchr(command->words, ' ');
	size_t length = family ? strlen(family->words) : 0;

	if (!family)
		return !space;
	return space && (size_t)(space - command->words) == length &&
	       !strncmp(command->words, family->words, length);
}

const struct command *cli_next_below(const struct cli *cli, const struct command *family,
				     const struct command *row)
{
	for (row = row ? row + 1 : cli->table; row->words; row++)
		if (is_below(row, family))
			return row;
	return NULL;
}

const struct command *cli_find(const struct cli *cli, char *const *args, int n, int *ret_used)
{
	const struct command *found = NULL;

	*ret_used = 0;
	while (*ret_used < n) {
		const struct command *row = cli_next_below(cli, found, NULL);

		while (row && !last_word_is(row, args[*ret_used]))
			row = cli_next_below(cli, found, row);
		if (!row)
			break;
		found = row;
		++*ret_used;
	}
	return found;
}

/* Frees what the options have put into flags. */
static void free_flags(const struct verb *verb, void *flags)
{
	for (const struct opt *row = opt_first(verb->options); row; row = opt_next(row)) {
		void *member = (char *)flags + row->offset;

		if (row->type == OPT_TEXT)
			text_replace(member, NULL);
		else if (row->type == OPT_STRV || row->type == OPT_LIST)
			strv_free(member);
	}
	free(flags);
}

/* The wording is that of podman, whose users' scripts match on it. */
static int check_count(const struct cli *cli, const struct verb *verb, int n, struct err *err)
{
	if (n >= verb->min_args && (verb->max_args < 0 || n <= verb->max_args))
		return 0;
	if (!verb->max_args)
		return err_set(err, 0, "`%s` takes no arguments", cli->path);
	if (verb->min_args == verb->max_args)
		return err_set(err, 0, "accepts %d arg(s), received %d", verb->min_args, n);
	if (n < verb->min_args)
		return err_set(err, 0, "requires at least %d arg(s), only received %d", verb->min_args, n);
	return err_set(err, 0, "accepts at most %d arg(s), received %d", verb->max_args, n);
}

static int run_verb(struct cli *cli, int argc, char *const *argv, struct err *err)
{
	static const struct opt no_options[] = { { 0 } };
	const struct verb *verb = cli->command->verb;
	void *flags = mem_zalloc(verb->flags_size);
	struct strv args = { 0 };
	int code;

	if (verb->defaults)
		memcpy(flags, verb->defaults, verb->flags_size);
	code = opt_parse(verb->options ? verb->options : no_options, cli->path, argc, argv,
			 !verb->first_ends_options, flags, &args, err);
	if (code == OPT_HELP)
		code = CLI_HELP;
	if (!code)
		code = check_count(cli, verb, (int)args.n, err);
	if (!code)
		code = verb->run(cli, flags, &args, err);
	free_flags(verb, flags);
	strv_free(&args);
	return code;
}

/* A family without a verb behind it, or a word that is none. */
static int no_verb(struct cli *cli, int n, char *const *rest, struct err *err)
{
	if (n && (!strcmp(rest[0], "--help") || !strcmp(rest[0], "-h"))) {
		cli_help(cli, cli->command);
		return 0;
	}
	for (int i = 0; i < n; i++) /* podman looks at flags first, wherever they stand */
		if (rest[i][0] == '-' && strcmp(rest[i], "--help") && strcmp(rest[i], "-h"))
			return err_set(err, 0, "unknown flag: %.*s\nSee '%s --help'",
				       (int)strcspn(rest[i], "="), rest[i], cli->path);
	if (n)
		return err_set(err, 0, "unrecognized command `%s %s`\nTry '%s --help' for more information",
			       cli->path, rest[0], cli->path);
	cli_help(cli, cli->command);
	return err_set(err, 0, "missing command '%s COMMAND'", cli->path);
}

/* help X Y: the help of what X Y names. */
static int help_on(struct cli *cli, int n, char *const *words, struct err *err)
{
	int used;
	const struct command *command = cli_find(cli, words, n, &used);

	if (used < n && refused(cli, words, n, err))
		return -EINVAL;
	if (used < n)
		return err_set(err, 0, "unrecognized command `%s %s`\nTry '%s --help' for more information",
			       cli->program, words[used], cli->program);
	cli_help(cli, command);
	return 0;
}

int cli_dispatch(struct cli *cli, int argc, char *const *argv, struct err *err)
{
	int used, code;

	if (argc && !strcmp(argv[0], "help"))
		return help_on(cli, argc - 1, argv + 1, err);
	cli->command = cli_find(cli, argv, argc, &used);
	cli->path = cli->command ? text_format("%s %s", cli->program, cli->command->words)
				 : text_dup(cli->program);
	if ((!cli->command || !cli->command->verb) && refused(cli, argv, argc, err))
		return -EINVAL;
	if (!cli->command || !cli->command->verb)
		return no_verb(cli, argc - used, argv + used, err);
	if (!cli->command->verb->passes_output)
		screen_guard();
	if (cli->command->verb->run_raw)
		code = cli->command->verb->run_raw(cli, argc - used, argv + used, err);
	else
		code = run_verb(cli, argc - used, argv + used, err);
	if (code != CLI_HELP)
		return code;
	cli_help(cli, cli->command);
	return 0;
}
