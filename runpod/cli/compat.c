/*
 * compat: the hidden verb that writes docs/COMPAT.md (`make compat`). It walks the command table and the
 * option tables, so that the document has every command and every option that is accepted without effect or
 * refused; what no table can know, how the others call a thing and what differs, is in compat_notes.c. A command
 * without a row there is an error.
 */
#include "cli/compat.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/refused.h"
#include "cli/verbs.h"

static const char introduction[] =
	"# The same words\n\n"
	"Made by `make compat` from the program's own tables: do not edit. `=` means the same words; an "
	"empty note means that no "
	"difference is known. Options that people may miss stand behind `Not there`, and all that are "
	"refused at the end.\n\n"
	"- The program speaks of itself by the name it was called with: `alias podman=runpod`, or a link "
	"called `docker`.\n"
	"- Exit codes are podman's: 125 for an error of our own, 126 what cannot be invoked, 127 what is not "
	"found, "
	"128+n for a signal, else the command's.\n"
	"- Errors begin with `Error: ` on stderr; `--format` takes Go templates, `json` and `table …`.\n"
	"- There is no daemon and no API: definitions lie in `/var/lib/runpod`, what runs in `/run/runpod`, "
	"for an "
	"ordinary user in XDG's places. Each pod has one supervisor.\n"
	"- Three images are built in: `busybox`, `host` (this machine's root) and `pause`. Others come from "
	"`load`, `import` "
	"and, where skopeo is installed, `pull`.\n"
	"- kubectl's words act on this machine: one namespace, one node, no API server.\n"
	"- A field of a manifest that would change what a pod does and cannot be done here is refused with "
	"its line; `explain` "
	"says which.\n";

/* The row of the table that the verb has, or NULL. */
static const struct compat *row_of(const struct verb *verb)
{
	for (const struct compat *row = compat_rows; row->verb || row->title; row++)
		if (row->verb == verb)
			return row;
	return NULL;
}

/* All words that call the verb, each in code marks: `run`, `container run`. */
static char *words_of(const struct cli *cli, const struct verb *verb)
{
	struct strv words = { 0 };
	char *text;

	for (const struct command *row = cli->table; row->words; row++) {
		int family = (int)(strrchr(row->words, ' ') ? strrchr(row->words, ' ') - row->words + 1 : 0);
		struct strv aliases = { 0 };

		if (row->verb != verb)
			continue;
		strv_addf(&words, "`%s`", row->words);
		if (row->aliases)
			strv_split(&aliases, row->aliases, ' ');
		for (size_t i = 0; i < aliases.n; i++)
			strv_addf(&words, "`%.*s%s`", family, row->words, aliases.v[i]);
		strv_free(&aliases);
	}
	text = strv_join(&words, ", ");
	strv_free(&words);
	return text;
}

static void print_theirs(const char *words)
{
	if (!words)
		printf(" – |");
	else if (!strcmp(words, "="))
		printf(" = |");
	else
		printf(" `%s` |", words);
}

/* A bar would end the cell. */
static void print_cell(const char *text)
{
	for (; *text; text++)
		printf(*text == '|' ? "\\|" : "%c", *text);
}

static void print_row(const struct cli *cli, const struct compat *row)
{
	cleanup_free char *words = words_of(cli, row->verb);

	printf("| %s |", words);
	print_theirs(row->podman);
	print_theirs(row->docker);
	print_theirs(row->kubectl);
	printf(" ");
	print_cell(row->note ? row->note : "");
	printf("%s|\n", row->note ? " " : "");
}

static void print_commands(const struct cli *cli)
{
	for (const struct compat *row = compat_rows; row->verb || row->title; row++) {
		if (row->title)
			printf("\n## %s\n\n| runpod | podman | docker | kubectl | what differs, and why |\n"
			       "|---|---|---|---|---|\n",
			       row->title);
		else
			print_row(cli, row);
	}
}

static bool has_row(const struct verb *verb, const struct opt *wanted)
{
	for (const struct opt *row = opt_first(verb->options); row; row = opt_next(row))
		if (row == wanted)
			return true;
	return false;
}

/* The verbs that have this very row of a table (run and create share most), by their first words; *ret_first is
 * the first of them. */
static char *owners_of(const struct cli *cli, const struct opt *wanted, const struct verb **ret_first)
{
	struct strv words = { 0 };
	char *text;

	*ret_first = NULL;
	for (const struct compat *row = compat_rows; row->verb || row->title; row++) {
		const struct command *command = cli->table;

		if (!row->verb || !row->verb->options || !has_row(row->verb, wanted))
			continue;
		while (command->verb != row->verb)
			command++;
		strv_addf(&words, "`%s`", command->words);
		*ret_first = *ret_first ? *ret_first : row->verb;
	}
	text = strv_join(&words, ", ");
	strv_free(&words);
	return text;
}

/* The options of one verb that do nothing, or are refused, unless a verb before it had them. */
static void print_options_of(const struct cli *cli, const struct verb *verb)
{
	static const char idle[] = "Accepted and without effect";

	for (const struct opt *row = opt_first(verb->options); row; row = opt_next(row)) {
		bool is_refused = row->type == OPT_REFUSED;
		cleanup_free char *words = NULL;
		const struct verb *first;

		if (!is_refused && (!row->help || !text_starts(row->help, idle)))
			continue;
		words = owners_of(cli, row, &first);
		if (first != verb)
			continue;
		printf("| %s | `--%s` | %s |", words, row->name, is_refused ? "refused" : "no effect");
		if (is_refused) {
			printf(" ");
			print_cell(row->metavar);
		} else if (row->help[strlen(idle)] == ':') {
			print_cell(row->help + strlen(idle) + 1);
		}
		printf(" |\n");
	}
}

static void print_options(const struct cli *cli)
{
	printf("\n## Options that do nothing here, or are left out\n\nEach that is refused says what to do "
	       "instead.\n\n"
	       "| command | option | | why, or what to do instead |\n|---|---|---|---|\n");
	for (const struct compat *row = compat_rows; row->verb || row->title; row++)
		if (row->verb && row->verb->options)
			print_options_of(cli, row->verb);
}

static void print_refused(void)
{
	printf("\n## Commands that are left out on purpose\n\nTyping one says so, and what to do instead.\n\n"
	       "| command | what to do instead |\n|---|---|\n");
	for (const struct refusal *row = refusals; row->words; row++) {
		printf("| `%s` | ", row->words);
		print_cell(row->instead);
		printf(" |\n");
	}
}

static int compat(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	(void)flags, (void)args;
	for (const struct command *row = cli->table; row->words; row++)
		if (row->verb && row->brief && !row_of(row->verb))
			return err_set(err, 0, "`%s` has no row in compat_notes.c", row->words);
	fputs(introduction, stdout);
	print_commands(cli);
	print_options(cli);
	print_refused();
	return 0;
}

const struct verb verb_compat = {
	.usage = "",
	.description =
		"Writes docs/COMPAT.md: how the commands here stand to podman's, docker's and kubectl's.",
	.run = compat,
};
