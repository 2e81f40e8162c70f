/*
 * help: a command explained in the order that podman's users know: short help,
 * Description, Usage, Aliases, Examples, Available Commands, Options. All of it
 * comes from the command table and the verb's option table, so that help cannot
 * say what the program does not do.
 */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/global.h"

static const char *last_word(const struct command *command)
{
	const char *space = strrchr(command->words, ' ');

	return space ? space + 1 : command->words;
}

static void print_aliases(const struct cli *cli, const struct command *command)
{
	int before = (int)(last_word(command) - command->words);
	struct strv aliases = { 0 };

	if (!command->aliases)
		return;
	strv_split(&aliases, command->aliases, ' ');
	printf("\nAliases:\n  %s %s", cli->program, command->words);
	for (size_t i = 0; i < aliases.n; i++)
		printf(", %s %.*s%s", cli->program, before, command->words, aliases.v[i]);
	printf("\n");
	strv_free(&aliases);
}

static void print_examples(const struct cli *cli, const struct verb *verb)
{
	struct strv lines = { 0 };

	if (!verb || !verb->examples)
		return;
	strv_split(&lines, verb->examples, '\n');
	printf("\nExamples:\n");
	for (size_t i = 0; i < lines.n; i++)
		printf("  %s %s\n", cli->program, lines.v[i]);
	strv_free(&lines);
}

static int by_last_word(const void *a, const void *b)
{
	return strcmp(last_word(*(const struct command *const *)a),
		      last_word(*(const struct command *const *)b));
}

static void print_commands(const struct cli *cli, const struct command *family)
{
	const struct command *rows[100] = { NULL };
	size_t n = 0;
	int width = 0;

	for (const struct command *row = cli_next_below(cli, family, NULL); row;
	     row = cli_next_below(cli, family, row))
		if (row->brief && n < sizeof(rows) / sizeof(*rows))
			rows[n++] = row;
	qsort(rows, n, sizeof(*rows), by_last_word);
	for (size_t i = 0; i < n; i++)
		if ((int)strlen(last_word(rows[i])) > width)
			width = (int)strlen(last_word(rows[i]));
	printf("\nAvailable Commands:\n");
	for (size_t i = 0; i < n; i++)
		printf("  %-*s  %s\n", width, last_word(rows[i]), rows[i]->brief);
}

static void print_options(const struct opt *options)
{
	cleanup_free char *text = options ? opt_help(options) : NULL;

	if (text && *text)
		printf("\nOptions:\n%s", text);
}

void cli_help(const struct cli *cli, const struct command *command)
{
	const struct verb *verb = command ? command->verb : NULL;
	const char *brief = command ? command->brief : "Manage pods, containers and images";

	if (!brief)
		brief = "";
	printf("%s\n\nDescription:\n  %s\n", brief, verb && verb->description ? verb->description : brief);
	if (verb)
		printf("\nUsage:\n  %s %s %s\n", cli->program, command->words, verb->usage);
	else
		printf("\nUsage:\n  %s %s%s[command]\n", cli->program, command ? command->words : "[options]",
		       " ");
	if (command)
		print_aliases(cli, command);
	print_examples(cli, verb);
	if (!verb)
		print_commands(cli, command);
	print_options(command ? (verb ? verb->options : NULL) : global_options);
}
