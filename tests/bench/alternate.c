/*
 * alternate: how long commands take, one after the other and round again
 * (A B C A B C …), so that whatever else the machine does hits all of them alike.
 *
 *	alternate ROUNDS <LIST
 *
 * A line of LIST is a name, a tab, and words separated by single blanks; a word ";" begins the
 * next command of a chain that is timed whole, and "%" in a word becomes the
 * number of the round. Prints name, median and minimum in microseconds, or
 * name and "failed". One round before the first is not counted.
 */
#include <spawn.h>
#include <sys/wait.h>

#include "bench.h"

#define MOST_LINES 64
#define MOST_WORDS 128

extern char **environ;

struct line {
	char *name, *words[MOST_WORDS];
	double *took;
	int failed;
};

/* Starts words up to the next ";" and waits. Returns whether it went well. */
static int run(char **words)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	errno = posix_spawnp(&pid, words[0], &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (errno) {
		perror(words[0]);
		return 0;
	}
	must(waitpid(pid, &status, 0), "waitpid");
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* The whole chain, in seconds; -1 if a command of it failed. */
static double measure(const struct line *line, int round)
{
	static char text[MOST_WORDS][4096];
	char *words[MOST_WORDS], **at = words;
	double start;
	int good = 1, n;

	for (n = 0; line->words[n]; n++) {
		char *mark = strchr(line->words[n], '%');

		words[n] = strcmp(line->words[n], ";") ? text[n] : NULL;
		if (mark)
			snprintf(text[n], sizeof(*text), "%.*s%d%s", (int)(mark - line->words[n]),
				 line->words[n], round, mark + 1);
		else
			snprintf(text[n], sizeof(*text), "%s", line->words[n]);
	}
	words[n] = NULL;
	start = seconds();
	while (at < words + n) {
		good &= run(at);
		while (*at)
			at++;
		at++;
	}
	return good ? seconds() - start : -1;
}

static int read_list(struct line *lines)
{
	static char text[1 << 16];
	size_t size = fread(text, 1, sizeof(text) - 1, stdin);
	char *rest = text, *one, *word;
	int n = 0;

	text[size] = '\0';
	while (n < MOST_LINES && (one = strsep(&rest, "\n"))) {
		int words = 0;

		if (!*one)
			continue;
		lines[n].name = strsep(&one, "\t");
		while (words < MOST_WORDS - 1 && (word = strsep(&one, " ")))
			lines[n].words[words++] = word;
		n++;
	}
	return n;
}

int main(int argc, char **argv)
{
	static struct line lines[MOST_LINES];
	int rounds = argc == 2 ? atoi(argv[1]) : 0, n;

	if (rounds < 1) {
		fputs("usage: alternate ROUNDS <LIST\n", stderr);
		return 2;
	}
	n = read_list(lines);
	for (int i = 0; i < n; i++)
		lines[i].took = calloc((size_t)rounds, sizeof(double));
	for (int round = 0; round <= rounds; round++)
		for (int i = 0; i < n; i++) {
			double took = lines[i].failed ? -1 : measure(&lines[i], round);

			if (took < 0)
				lines[i].failed = 1;
			else if (round)
				lines[i].took[round - 1] = took;
		}
	for (int i = 0; i < n; i++) {
		double middle = median(lines[i].took, rounds);

		if (lines[i].failed)
			printf("%s\tfailed\n", lines[i].name);
		else
			printf("%s\t%.0f\t%.0f\n", lines[i].name, middle * 1e6, lines[i].took[0] * 1e6);
	}
	return 0;
}
