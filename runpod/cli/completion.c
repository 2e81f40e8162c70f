/*
 * completion: a script a shell that asks the program itself, word by word, so
 * that completion knows every verb, option and name that there is right now.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/verbs.h"
#include "pod/status.h"

static const char bash_script[] =
	"_%1$s() {\n"
	"\tlocal words=(\"${COMP_WORDS[@]:1:COMP_CWORD}\")\n"
	"\tmapfile -t COMPREPLY < <(\"${COMP_WORDS[0]}\" __complete -- \"${words[@]}\" 2>/dev/null)\n"
	"\t[[ ${#COMPREPLY[@]} -eq 0 ]] && compopt -o default\n"
	"}\n"
	"complete -F _%1$s %1$s\n";

static const char zsh_script[] =
	"#compdef %1$s\n"
	"_%1$s() {\n"
	"\tlocal -a answers\n"
	"\tanswers=(${(f)\"$(\"${words[1]}\" __complete -- \"${(@)words[2,$CURRENT]}\" 2>/dev/null)\"})\n"
	"\tif (( ${#answers} )); then compadd -a answers; else _files; fi\n"
	"}\n"
	"compdef _%1$s %1$s\n";

static const char fish_script[] = "function __%1$s_complete\n"
				  "\tset -l words (commandline -opc) (commandline -ct)\n"
				  "\t$words[1] __complete -- $words[2..-1] 2>/dev/null\n"
				  "end\n"
				  "complete -c %1$s -a '(__%1$s_complete)'\n";

static int completion(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	static const struct {
		const char *shell, *script;
	} shells[] = { { "bash", bash_script }, { "zsh", zsh_script }, { "fish", fish_script } };

	(void)flags;
	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		if (strcmp(args->v[0], shells[i].shell))
			continue;
		for (const char *p = shells[i].script; *p; p++) {
			if (text_starts(p, "%1$s")) {
				fputs(cli->program, stdout);
				p += strlen("%1$s") - 1;
			} else {
				putchar(*p);
			}
		}
		return 0;
	}
	return err_set(err, 0, "\"%s\" is not a supported shell: choose bash, zsh or fish", args->v[0]);
}

const struct verb verb_completion = {
	.usage = "SHELL",
	.description = "Prints the completion script of bash, zsh or fish.",
	.examples = "completion bash > /etc/bash_completion.d/runpod\ncompletion fish > "
		    "~/.config/fish/completions/runpod.fish",
	.min_args = 1,
	.max_args = 1,
	.run = completion,
};

/* Prints the word if it begins as the user began. */
static void offer(const char *word, const char *begun)
{
	if (text_starts(word, begun))
		puts(word);
}

static void offer_options(const struct opt *table, const char *begun)
{
	for (const struct opt *row = opt_first(table); row; row = opt_next(row)) {
		char *option = text_format("--%s", row->name);

		if (row->help)
			offer(option, begun);
		free(option);
	}
}

/* The names that are there: pods for verbs on pods, else containers. */
static void offer_names(struct cli *cli, bool pods_wanted, const char *begun)
{
	struct pod_views pods = { 0 };

	if (cli_store(cli, NULL) || pod_views_read(&cli->store, &pods, NULL, NULL))
		return;
	for (size_t i = 0; i < pods.n; i++) {
		if (pods_wanted && !pods.v[i].hidden)
			offer(pods.v[i].name, begun);
		for (size_t j = 0; !pods_wanted && j < pods.v[i].n; j++)
			if (!pods.v[i].ctrs[j].infra)
				offer(pods.v[i].ctrs[j].now.name, begun);
	}
	pod_views_free(&pods);
}

static int complete(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	const char *begun = args->n ? args->v[args->n - 1] : "";
	int n = args->n ? (int)args->n - 1 : 0, used;
	const struct command *command = cli_find(cli, args->v, n, &used);

	(void)flags, (void)err;
	if (command && command->verb && begun[0] == '-')
		offer_options(command->verb->options, begun);
	else if (command && command->verb)
		offer_names(cli, text_starts(command->words, "pod "), begun);
	else if (used == n)
		for (const struct command *row = cli_next_below(cli, command, NULL); row;
		     row = cli_next_below(cli, command, row))
			if (row->brief)
				offer(strrchr(row->words, ' ') ? strrchr(row->words, ' ') + 1 : row->words,
				      begun);
	return 0;
}

const struct verb verb_complete = {
	.usage = "-- WORD...",
	.description = "Prints what the last word can be, one a line; the completion scripts call it.",
	.max_args = -1,
	.run = complete,
};
