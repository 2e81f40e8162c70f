/*
 * completion: a script a shell that asks the program itself, word by word (complete.c), so that
 * completion knows every verb, option and name that there is right now.
 *
 * The scripts are those of bash(1) "Programmable Completion", zshcompsys(1) and complete(1) of fish.
 * They need nothing installed beside the shell. Lesson 16.
 */
#include <stdio.h>
#include <string.h>

#include "cli/verbs.h"

/* bash splits words at = and : too (COMP_WORDBREAKS) and replaces only the last piece: the line's words are put
 * together again, and of an answer only what follows that last piece's beginning is given. An alias
 * is a word like any other to it. */
static const char bash_script[] =
	"# bash completion of NAME: source it, or put it where bash-completion looks\n"
	"_NAME() {\n"
	"\tlocal program=${COMP_WORDS[0]} rest word before line i=1\n"
	"\tlocal -a words=() files=()\n"
	"\trest=${COMP_LINE#*\"$program\"}\n"
	"\tprogram=${BASH_ALIASES[$program]:-${program/#\\~/$HOME}}\n"
	"\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD}\"; do\n"
	"\t\tif [[ ${#words[@]} -eq 0 || $rest == [[:space:]]* ]]; then\n"
	"\t\t\twords+=(\"$word\")\n"
	"\t\telse\n"
	"\t\t\twords[-1]+=$word\n"
	"\t\tfi\n"
	"\t\trest=${rest#*\"$word\"}\n"
	"\tdone\n"
	"\tword=${words[-1]}\n"
	"\tbefore=${word%\"${word##*[=:]}\"}\n"
	"\t[[ $COMP_WORDBREAKS == *[=:]* ]] || before=\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tif [[ $line == :files ]]; then\n"
	"\t\t\tcompopt -o default -o bashdefault\n"
	"\t\t\tmapfile -t files < <(compgen -f -- \"${word#\"$before\"}\")\n"
	"\t\telse\n"
	"\t\t\tline=${line%%$'\\t'*}\n"
	"\t\t\tCOMPREPLY+=(\"${line#\"$before\"}\")\n"
	"\t\tfi\n"
	"\tdone < <(\"$program\" __complete -- \"${words[@]}\" 2>/dev/null)\n"
	"\t# with no answer of ours the shell looks for files itself\n"
	"\t[[ ${#COMPREPLY[@]} -eq 0 ]] || COMPREPLY+=(\"${files[@]}\")\n"
	"\t[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *[=:,] ]] || compopt -o nospace\n"
	"}\n"
	"complete -F _NAME NAME\n"
	"# and of the aliases that there are by now: alias podman=NAME\n"
	"for _NAME_alias in \"${!BASH_ALIASES[@]}\"; do\n"
	"\t[[ ${BASH_ALIASES[$_NAME_alias]} != ?(*/)NAME ]] || complete -F _NAME \"$_NAME_alias\"\n"
	"done\n"
	"unset _NAME_alias\n";

/* zsh has expanded an alias before it asks. */
static const char zsh_script[] =
	"#compdef NAME\n"
	"# zsh completion of NAME: put it as _NAME into a directory of fpath, or source it behind compinit\n"
	"_NAME() {\n"
	"\tlocal line files\n"
	"\tlocal -a words_now texts_now words_open texts_open\n"
	"\tfor line in \"${(@f)$(\"${(Q)words[1]/#\\~/$HOME}\" __complete -- \"${(@Q)words[2,CURRENT]}\" "
	"2>/dev/null)}\"; do\n"
	"\t\tif [[ $line == :files ]]; then\n"
	"\t\t\tfiles=1\n"
	"\t\telif [[ ${line%%$'\\t'*} == *[=:,] ]]; then\n"
	"\t\t\twords_open+=(\"${line%%$'\\t'*}\") texts_open+=(\"${line/$'\\t'/  -- }\")\n"
	"\t\telif [[ -n $line ]]; then\n"
	"\t\t\twords_now+=(\"${line%%$'\\t'*}\") texts_now+=(\"${line/$'\\t'/  -- }\")\n"
	"\t\tfi\n"
	"\tdone\n"
	"\t(( ! ${#words_now} )) || compadd -l -d texts_now -a words_now\n"
	"\t(( ! ${#words_open} )) || compadd -l -S '' -d texts_open -a words_open\n"
	"\tif [[ -n $files ]]; then\n"
	"\t\t[[ $PREFIX != --*=* ]] || compset -P '*='\n"
	"\t\t_files\n"
	"\tfi\n"
	"}\n"
	"if [[ ${funcstack[1]-} == _NAME ]]; then _NAME \"$@\"; else compdef _NAME NAME; fi\n";

/* fish's alias is a function that wraps NAME, and takes its completions with it. */
static const char fish_script[] =
	"# fish completion of NAME: put it as NAME.fish into a directory of fish_complete_path\n"
	"function __NAME_complete\n"
	"\tset -l typed (commandline -opc)\n"
	"\tset -l now (commandline -ct)\n"
	"\tfor line in ($typed[1] __complete -- $typed[2..-1] \"$now\" 2>/dev/null)\n"
	"\t\tif test \"$line\" = :files\n"
	"\t\t\tset -l before (string match -r -- '^--[^=]*=' \"$now\")\n"
	"\t\t\tfor path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' \"$now\"))\n"
	"\t\t\t\tprintf '%s%s\\n' \"$before\" $path\n"
	"\t\t\tend\n"
	"\t\telse\n"
	"\t\t\tprintf '%s\\n' $line\n"
	"\t\tend\n"
	"\tend\n"
	"end\n"
	"complete -c NAME -f -a '(__NAME_complete)'\n";

/* Prints the script for a program of that name. */
static void print_script(const char *script, const char *name)
{
	for (const char *at = strstr(script, "NAME"); at; at = strstr(script, "NAME")) {
		printf("%.*s%s", (int)(at - script), script, name);
		script = at + strlen("NAME");
	}
	fputs(script, stdout);
}

static int completion(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	static const struct {
		const char *shell, *script;
	} shells[] = { { "bash", bash_script }, { "zsh", zsh_script }, { "fish", fish_script } };

	(void)flags;
	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		if (!strcmp(args->v[0], shells[i].shell)) {
			print_script(shells[i].script, cli->program);
			return 0;
		}
	}
	return err_set(err, 0, "\"%s\" is not a supported shell: choose bash, zsh or fish", args->v[0]);
}

const struct verb verb_completion = {
	.usage = "SHELL",
	.description =
		"Prints the completion script of bash, zsh or fish, for the name it is called by.\n"
		"  In bash, aliases of that name that are set before the script is read are completed too.",
	.examples = "completion bash > /etc/bash_completion.d/runpod\n"
		    "completion zsh > /usr/local/share/zsh/site-functions/_runpod\n"
		    "completion fish > ~/.config/fish/completions/runpod.fish",
	.min_args = 1,
	.max_args = 1,
	.run = completion,
};
