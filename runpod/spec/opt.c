/*
 * opt: reads arguments by a table; opt.h tells the forms. The texts of errors
 * are the ones scripts already match on.
 *
 * Rule: a string in argv ends at its NUL and may hold any other byte (see
 * execve(2)), so nothing here assumes printable text.
 */
#include "spec/opt.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

const struct opt *opt_first(const struct opt *table)
{
	while (table && !table->name)
		table = table->more;
	return table;
}

const struct opt *opt_next(const struct opt *row)
{
	return opt_first(row + 1);
}

const struct opt *opt_find(const struct opt *table, const char *name)
{
	for (const struct opt *row = opt_first(table); row; row = opt_next(row))
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}

static const struct opt *find_letter(const struct opt *table, char letter)
{
	for (const struct opt *row = opt_first(table); row; row = opt_next(row))
		if (row->letter == letter)
			return row;
	return NULL;
}

static bool takes_no_value(const struct opt *row)
{
	return row->type == OPT_BOOL || row->type == OPT_SWITCH || row->type == OPT_REFUSED;
}

static int bad_value(const struct opt *row, const char *value, const char *reader, int code, struct err *err)
{
	char letter[] = { '-', row->letter, ',', ' ', '\0' };

	return err_set(err, 0, "invalid argument \"%s\" for \"%s--%s\" flag: strconv.%s: parsing \"%s\": %s",
		       value, row->letter ? letter : "", row->name, reader, value,
		       code == -ERANGE ? "value out of range" : "invalid syntax");
}

static int read_bool(const struct opt *row, const char *value, bool *ret_truth, struct err *err)
{
	static const char *const yes[] = { "true", "1", "t", "T", "TRUE", "True", NULL };
	static const char *const no[] = { "false", "0", "f", "F", "FALSE", "False", NULL };

	for (size_t i = 0; yes[i]; i++) {
		*ret_truth = !strcmp(value, yes[i]);
		if (*ret_truth || !strcmp(value, no[i]))
			return 0;
	}
	return bad_value(row, value, "ParseBool", -EINVAL, err);
}

static int store_number(const struct opt *row, const char *value, int64_t *member, struct err *err)
{
	bool is_signed = row->type == OPT_INT;
	uint64_t number;
	int code;

	if (is_signed) {
		code = num_i64(value, INT64_MIN, INT64_MAX, member);
	} else {
		code = num_u64(value, INT64_MAX, &number);
		if (!code)
			*member = (int64_t)number;
	}
	return code ? bad_value(row, value, is_signed ? "ParseInt" : "ParseUint", code, err) : 0;
}

static int store(const struct opt *row, const char *value, void *target, struct err *err)
{
	void *member = (char *)target + row->offset;
	bool truth;
	int code;

	switch (row->type) {
	case OPT_BOOL:
		return read_bool(row, value, member, err);
	case OPT_SWITCH:
		code = read_bool(row, value, &truth, err);
		if (!code)
			*(int64_t *)member = truth;
		return code;
	case OPT_INT:
	case OPT_UINT:
		return store_number(row, value, member, err);
	case OPT_TEXT:
		text_replace(member, text_dup(value));
		return 0;
	case OPT_STRV:
		strv_add(member, value);
		return 0;
	case OPT_LIST:
		strv_split(member, value, ',');
		return 0;
	case OPT_REFUSED:
		return err_set(err, 0, "--%s is left out on purpose: %s", row->name, row->metavar);
	case OPT_CALL:
		return row->parse(value, member, err);
	}
	return 0;
}

int opt_usage(const char *command, int code, struct err *err)
{
	size_t used = err ? strlen(err->text) : 0;

	if (err && command)
		snprintf(err->text + used, sizeof(err->text) - used, "\nSee '%s --help'", command);
	return code;
}

/* The arguments and how far we are. */
struct cursor {
	const struct opt *table;
	const char *command;
	int argc;
	char *const *argv;
	int at; /* the next argument to look at */
	void *target;
};

/* Stores value; the errors that the table itself knows get the "See" line too. */
static int store_at(const struct cursor *cursor, const struct opt *row, const char *value, struct err *err)
{
	int code = store(row, value, cursor->target, err);

	return code && row->type != OPT_CALL && row->type != OPT_REFUSED
		       ? opt_usage(cursor->command, code, err)
		       : code;
}

/* text is "name" or "name=value", as it stands behind the two dashes. */
static int parse_long(struct cursor *cursor, const char *text, struct err *err)
{
	size_t length = strcspn(text, "=");
	char *name = text_ndup(text, length);
	const struct opt *row = opt_find(cursor->table, name);
	int code = 0;

	if (!length || *text == '-')
		code = opt_usage(cursor->command, err_set(err, 0, "bad flag syntax: --%s", text), err);
	else if (!row && !strcmp(name, "help"))
		code = OPT_HELP;
	else if (!row)
		code = opt_usage(cursor->command, err_set(err, 0, "unknown flag: --%s", name), err);
	else if (text[length])
		code = store_at(cursor, row, text + length + 1, err);
	else if (takes_no_value(row))
		code = store_at(cursor, row, "true", err);
	else if (cursor->at < cursor->argc)
		code = store_at(cursor, row, cursor->argv[cursor->at++], err);
	else
		code = opt_usage(cursor->command, err_set(err, 0, "flag needs an argument: --%s", name), err);
	free(name);
	return code;
}

/* letters stands behind one dash: booleans until one letter takes the rest as its value. */
static int parse_short(struct cursor *cursor, const char *letters, struct err *err)
{
	for (; *letters; letters++) {
		const struct opt *row = find_letter(cursor->table, *letters);
		int code = 0;

		if (!row && *letters == 'h')
			return OPT_HELP;
		if (!row)
			return opt_usage(
				cursor->command,
				err_set(err, 0, "unknown shorthand flag: '%c' in -%s", *letters, letters),
				err);
		if (letters[1] == '=' && letters[2])
			return store_at(cursor, row, letters + 2, err);
		if (takes_no_value(row))
			code = store_at(cursor, row, "true", err);
		else if (letters[1])
			return store_at(cursor, row, letters + 1, err);
		else if (cursor->at < cursor->argc)
			return store_at(cursor, row, cursor->argv[cursor->at++], err);
		else
			return opt_usage(
				cursor->command,
				err_set(err, 0, "flag needs an argument: '%c' in -%s", *letters, letters),
				err);
		if (code)
			return code;
	}
	return 0;
}

/* DOC: options-from-a-table */
int opt_parse(const struct opt *table, const char *command, int argc, char *const *argv, bool interspersed,
	      void *target, struct strv *ret_args, struct err *err)
{
	struct cursor cursor = { table, command, argc, argv, 0, target };
	bool options = true;

	while (cursor.at < argc) {
		const char *text = argv[cursor.at++];
		int code = 0;

		if (!options || text[0] != '-' || !text[1]) {
			strv_add(ret_args, text);
			options = options && interspersed;
		} else if (!strcmp(text, "--")) {
			options = false;
		} else if (text[1] == '-') {
			code = parse_long(&cursor, text + 2, err);
		} else {
			code = parse_short(&cursor, text + 1, err);
		}
		if (code)
			return code;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct opt *const *)a)->name, (*(const struct opt *const *)b)->name);
}

/* "  -d, --detach" or "      --name string". */
static void help_column(struct buf *line, const struct opt *row)
{
	if (row->letter)
		buf_format(line, "  -%c, --%s", row->letter, row->name);
	else
		buf_format(line, "      --%s", row->name);
	if (row->metavar)
		buf_format(line, " %s", row->metavar);
}

char *opt_help(const struct opt *table)
{
	const struct opt **rows = NULL;
	struct buf text = { 0 };
	size_t n = 0, width = 0;

	for (const struct opt *row = opt_first(table); row; row = opt_next(row)) {
		struct buf column = { 0 };

		if (!row->help)
			continue;
		rows = mem_realloc(rows, (n + 1) * sizeof(*rows));
		rows[n++] = row;
		help_column(&column, row);
		if (column.len > width)
			width = column.len;
		buf_free(&column);
	}
	if (n)
		qsort(rows, n, sizeof(*rows), by_name);
	buf_text(&text, "");
	for (size_t i = 0; i < n; i++) {
		size_t start = text.len;

		help_column(&text, rows[i]);
		buf_format(&text, "%*s%s\n", (int)(width + 3 - (text.len - start)), "", rows[i]->help);
	}
	free(rows);
	return text.data;
}
