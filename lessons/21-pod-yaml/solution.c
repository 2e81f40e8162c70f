/*
 * podplan: from what a manifest asks for to a plan, and only then to a pod.
 *
 * Build: gcc -I../.. -o podplan lab.c -lyaml
 *
 *	podplan MANIFEST [HANDPOD PAUSE]
 *
 * Prints the plan, a word a line; or has HANDPOD (lesson 16) carry it out. What the table
 * lacks is an error. All errors are told, and where there is one, there is no plan.
 */
#include <unistd.h>
#include <yaml.h>

#include "lesson.h"

#define MAX 50 /* containers, and words of a command */

/* All that may be asked for; [] stands for each of a list. */
static const struct field {
	const char *path;
	yaml_node_type_t type;
} fields[] = {
	{ "", YAML_MAPPING_NODE },
	{ "apiVersion", YAML_SCALAR_NODE },
	{ "kind", YAML_SCALAR_NODE },
	{ "metadata", YAML_MAPPING_NODE },
	{ "metadata.name", YAML_SCALAR_NODE },
	{ "spec", YAML_MAPPING_NODE },
	{ "spec.containers", YAML_SEQUENCE_NODE },
	{ "spec.containers[]", YAML_MAPPING_NODE },
	{ "spec.containers[].name", YAML_SCALAR_NODE },
	{ "spec.containers[].command", YAML_SEQUENCE_NODE },
	{ "spec.containers[].command[]", YAML_SCALAR_NODE },
};

/* What was asked for. */
static struct container {
	char *name, *command[MAX];
	int words;
	yaml_mark_t mark; /* where it stands */
} containers[MAX];
static yaml_document_t tree;
static char *file, source[65536];
static int n_containers, errors;

/* Tells an error: FILE:LINE:COLUMN, what is wrong, the line, and a ^ below the place. */
static void wrong(yaml_mark_t mark, const char *what, const char *whom)
{
	const char *line = source;

	errors++;
	fprintf(stderr, "%s:%zu:%zu: %s%s\n", file, mark.line + 1, mark.column + 1, what, whom);
	for (size_t i = 0; i < mark.line && *line; i++)
		line += strcspn(line, "\n") + 1;
	fprintf(stderr, "%.*s\n%*s^\n", (int)strcspn(line, "\n"), line, (int)mark.column, "");
}

static const struct field *find(const char *path)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].path, path) == 0)
			return &fields[i];
	return NULL;
}

/* Keeps what is at that path, if the plan needs it. text: a scalar's. */
static void take(const char *path, char *text, yaml_mark_t mark)
{
	struct container *last = &containers[n_containers ? n_containers - 1 : 0];

	if (n_containers == MAX || last->words == MAX)
		wrong(mark, "more than there is room for", "");
	else if (strcmp(path, "kind") == 0 && strcmp(text, "Pod") != 0)
		wrong(mark, "not a kind that can be planned: ", text);
	else if (strcmp(path, "spec.containers[]") == 0)
		containers[n_containers++].mark = mark;
	else if (strcmp(path, "spec.containers[].name") == 0)
		last->name = text;
	else if (strcmp(path, "spec.containers[].command[]") == 0)
		last->command[last->words++] = text;
}

/* Reads a node and all below it. Goes on after an error: who mends a file wants to know all of them. */
static void read_node(int index, const char *path)
{
	yaml_node_t *node = yaml_document_get_node(&tree, index), *key;
	char below[128], *text = node->type == YAML_SCALAR_NODE ? (char *)node->data.scalar.value : NULL;

	if (node->type != find(path)->type)
		return wrong(node->start_mark, "another type is expected here: ", path);
	if (text && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !text[strspn(text, "0123456789")])
		return wrong(node->start_mark, "a number, and no text (quotes make it one): ", text);
	take(path, text, node->start_mark);
	for (int *item = node->data.sequence.items.start;
	     node->type == YAML_SEQUENCE_NODE && item < node->data.sequence.items.top; item++) {
		snprintf(below, sizeof(below), "%s[]", path);
		read_node(*item, below);
	}
	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     node->type == YAML_MAPPING_NODE && pair < node->data.mapping.pairs.top; pair++) {
		key = yaml_document_get_node(&tree, pair->key);
		snprintf(below, sizeof(below), "%s%s%s", path, *path ? "." : "",
			 key->type == YAML_SCALAR_NODE ? (char *)key->data.scalar.value : "?");
		if (find(below))
			read_node(pair->value, below);
		else
			wrong(key->start_mark, "unknown field ", below);
	}
}

/* From what was asked for to what will be done: handpod's arguments, COMMAND -- COMMAND... */
static void make_plan(char **plan)
{
	if (n_containers == 0)
		wrong((yaml_mark_t){ 0 }, "a pod needs a container", "");
	for (struct container *ctr = containers; ctr < containers + n_containers; ctr++) {
		if (!ctr->name || !ctr->words)
			wrong(ctr->mark, "a container needs a name and a command", "");
		if (ctr > containers)
			*plan++ = "--";
		for (int i = 0; i < ctr->words; i++)
			*plan++ = ctr->command[i];
	}
}

int main(int argc, char **argv)
{
	char *plan[2 + MAX * (MAX + 1)] = { argc == 4 ? argv[2] : "handpod", argc == 4 ? argv[3] : "pause" };
	FILE *input = argc == 2 || argc == 4 ? fopen(argv[1], "re") : NULL;
	yaml_parser_t parser;

	if (!input)
		die("podplan MANIFEST [HANDPOD PAUSE]");
	file = argv[1];
	yaml_parser_initialize(&parser);
	yaml_parser_set_input_string(&parser, (void *)source, fread(source, 1, sizeof(source) - 1, input));
	if (!yaml_parser_load(&parser, &tree))
		wrong(parser.problem_mark, parser.problem, "");
	else if (yaml_document_get_root_node(&tree))
		read_node(1, "");
	make_plan(plan + 2);
	if (errors)
		return 1;
	if (argc == 4 && execv(plan[0], plan) < 0)
		die("run %s", plan[0]);
	for (char **word = plan; *word; word++)
		printf("%s\n", *word);
	return 0;
}
