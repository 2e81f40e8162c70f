/*
 * opt: every form of an option, every way to get it wrong, and the help.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/opt.h"

struct target {
	bool all, quiet;
	int64_t infra; /* -1: not given */
	int64_t time, count;
	char *name;
	struct strv env, caps;
	int64_t even;
};

static int parse_even(const char *value, void *member, struct err *err)
{
	if (strlen(value) % 2)
		return err_set(err, 0, "%s is odd", value);
	*(int64_t *)member = (int64_t)strlen(value);
	return 0;
}

static const struct opt more[] = {
	{ "caps", 0, OPT_LIST, offsetof(struct target, caps), "strings", "Several at once", NULL, NULL },
	{ "even", 'E', OPT_CALL, offsetof(struct target, even), "word", "An even word", parse_even, NULL },
	{ .more = NULL },
};

static const struct opt table[] = {
	{ "quiet", 'q', OPT_BOOL, offsetof(struct target, quiet), NULL, "Say nothing", NULL, NULL },
	{ "all", 'a', OPT_BOOL, offsetof(struct target, all), NULL, "All of them", NULL, NULL },
	{ "infra", 0, OPT_SWITCH, offsetof(struct target, infra), NULL, "With infra (default true)", NULL,
	  NULL },
	{ "time", 't', OPT_INT, offsetof(struct target, time), "int", "Seconds", NULL, NULL },
	{ "count", 0, OPT_UINT, offsetof(struct target, count), "uint", "How many", NULL, NULL },
	{ "name", 'n', OPT_TEXT, offsetof(struct target, name), "string", "A name", NULL, NULL },
	{ "call", 0, OPT_TEXT, offsetof(struct target, name), "string", NULL, NULL, NULL }, /* an alias */
	{ "left", 'L', OPT_REFUSED, 0, "do it otherwise", NULL, NULL, NULL },
	{ "env", 'e', OPT_STRV, offsetof(struct target, env), "stringArray", "A variable", NULL, NULL },
	{ .more = more },
};

/* Splits args at blanks ("_" is an empty argument), parses them, and shows what came of it. */
static char *parse(const char *args, bool interspersed, int *ret_code, struct err *err)
{
	struct target target = { .infra = -1 };
	struct strv argv = { 0 }, positional = { 0 };
	struct buf shown = { 0 };
	char *list;

	strv_split(&argv, args, ' ');
	for (size_t i = 0; i < argv.n; i++)
		if (!strcmp(argv.v[i], "_"))
			text_replace(&argv.v[i], text_dup(""));
	*ret_code =
		opt_parse(table, "podman x", (int)argv.n, argv.v, interspersed, &target, &positional, err);
	buf_format(&shown, "%s%s", target.all ? "all " : "", target.quiet ? "quiet " : "");
	if (target.infra >= 0)
		buf_format(&shown, "infra=%d ", (int)target.infra);
	if (target.time || target.count || target.even)
		buf_format(&shown, "time=%lld count=%lld even=%lld ", (long long)target.time,
			   (long long)target.count, (long long)target.even);
	if (target.name)
		buf_format(&shown, "name=%s ", target.name);
	list = strv_join(&target.env, ";");
	buf_format(&shown, "%s%s", target.env.n ? "env=" : "", list);
	free(list);
	list = strv_join(&target.caps, ";");
	buf_format(&shown, "%s%s", target.caps.n ? "caps=" : "", list);
	free(list);
	list = strv_join(&positional, ",");
	buf_format(&shown, "|%s", list);
	free(list);
	free(target.name);
	strv_free(&target.env);
	strv_free(&target.caps);
	strv_free(&argv);
	strv_free(&positional);
	return shown.data;
}

static const struct {
	const char *args;
	bool interspersed;
	const char *shown;
} forms_rows[] = {
	{ "", true, "|" },
	{ "a b", true, "|a,b" },
	{ "-a", true, "all |" },
	{ "--all --quiet", true, "all quiet |" },
	{ "-aq", true, "all quiet |" },
	{ "-aq --all=false", true, "quiet |" },
	{ "-a=false -q=1", true, "quiet |" },
	{ "--infra", true, "infra=1 |" },
	{ "--infra=false", true, "infra=0 |" },
	{ "--infra false", true, "infra=1 |false" }, /* a boolean takes no second word */
	{ "--name x", true, "name=x |" },
	{ "--name=x", true, "name=x |" },
	{ "--name=", true, "name= |" },
	{ "--name=a=b", true, "name=a=b |" },
	{ "-n x", true, "name=x |" },
	{ "-nx", true, "name=x |" },
	{ "-n=x", true, "name=x |" },
	{ "-aqnx", true, "all quiet name=x |" },
	{ "-aqn x", true, "all quiet name=x |" },
	{ "--name x --name y", true, "name=y |" },
	{ "--call x", true, "name=x |" },
	{ "--name --all", true, "name=--all |" }, /* the next word, whatever it is */
	{ "-n -- y", true, "name=-- |y" },
	{ "-t5", true, "time=5 count=0 even=0 |" },
	{ "-t -5 --count 7", true, "time=-5 count=7 even=0 |" },
	{ "-e A=1 -e B --env=C=,", true, "env=A=1;B;C=,|" },
	{ "--caps a,b --caps c", true, "caps=a;b;c|" },
	{ "--caps _", true, "|" },
	{ "--even four -Eab", true, "time=0 count=0 even=2 |" },
	{ "a -a b", true, "all |a,b" },
	{ "a -a b", false, "|a,-a,b" },
	{ "-q a -a", false, "quiet |a,-a" },
	{ "-a -- -q", true, "all |-q" },
	{ "-a -- -q -- x", false, "all |-q,--,x" },
	{ "- -a", true, "all |-" },
	{ "_ -a", false, "|,-a" },
};

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forms_rows) / sizeof(*forms_rows); i++) {
		struct err err = { 0 };
		char *shown;
		int code;

		print_message("%s\n", forms_rows[i].args);
		shown = parse(forms_rows[i].args, forms_rows[i].interspersed, &code, &err);
		assert_string_equal(err.text, "");
		assert_int_equal(code, 0);
		assert_string_equal(shown, forms_rows[i].shown);
		free(shown);
	}
}

#define SEE "\nSee 'podman x --help'"

static const struct {
	const char *args;
	int code;
	const char *error;
} errors_rows[] = {
	{ "--bogus", -EINVAL, "unknown flag: --bogus" SEE },
	{ "--bogus=1", -EINVAL, "unknown flag: --bogus" SEE },
	{ "--al", -EINVAL, "unknown flag: --al" SEE },
	{ "--left=1", -EINVAL, "--left is left out on purpose: do it otherwise" },
	{ "-aL", -EINVAL, "--left is left out on purpose: do it otherwise" },
	{ "-x", -EINVAL, "unknown shorthand flag: 'x' in -x" SEE },
	{ "-aqxyz", -EINVAL, "unknown shorthand flag: 'x' in -xyz" SEE },
	{ "-a=", -EINVAL, "unknown shorthand flag: '=' in -=" SEE },
	{ "--name", -EINVAL, "flag needs an argument: --name" SEE },
	{ "-n", -EINVAL, "flag needs an argument: 'n' in -n" SEE },
	{ "-aqn", -EINVAL, "flag needs an argument: 'n' in -n" SEE },
	{ "---all", -EINVAL, "bad flag syntax: ---all" SEE },
	{ "--=x", -EINVAL, "bad flag syntax: --=x" SEE },
	{ "--time x", -EINVAL,
	  "invalid argument \"x\" for \"-t, --time\" flag: strconv.ParseInt: parsing \"x\": invalid "
	  "syntax" SEE },
	{ "--time 99999999999999999999", -EINVAL,
	  "invalid argument \"99999999999999999999\" for \"-t, --time\" flag: strconv.ParseInt: "
	  "parsing \"99999999999999999999\": value out of range" SEE },
	{ "--count -1", -EINVAL,
	  "invalid argument \"-1\" for \"--count\" flag: strconv.ParseUint: parsing \"-1\": invalid "
	  "syntax" SEE },
	{ "--all=maybe", -EINVAL,
	  "invalid argument \"maybe\" for \"-a, --all\" flag: strconv.ParseBool: parsing \"maybe\": "
	  "invalid syntax" SEE },
	{ "--even odd", -EINVAL, "odd is odd" },
	{ "--help", OPT_HELP, "" },
	{ "-h", OPT_HELP, "" },
	{ "-ah --bogus", OPT_HELP, "" },
	{ "--bogus --help", -EINVAL, "unknown flag: --bogus" SEE },
};

static void test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(errors_rows) / sizeof(*errors_rows); i++) {
		struct err err = { 0 };
		int code;

		print_message("%s\n", errors_rows[i].args);
		free(parse(errors_rows[i].args, true, &code, &err));
		assert_int_equal(code, errors_rows[i].code);
		assert_string_equal(err.text, errors_rows[i].error);
	}
}

/* Where an option has the letter h, -h is that option. */
static void test_letter_h(void **state)
{
	static const struct opt hostname[] = {
		{ "hostname", 'h', OPT_TEXT, offsetof(struct target, name), "string", "A name", NULL, NULL },
		{ .more = NULL },
	};
	char *argv[] = { "-h", "web" };
	struct target target = { 0 };
	struct strv args = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(opt_parse(hostname, NULL, 2, argv, false, &target, &args, &err), 0);
	assert_string_equal(target.name, "web");
	assert_int_equal(opt_parse(hostname, NULL, 1, argv, false, &target, &args, &err), -EINVAL);
	assert_string_equal(err.text, "flag needs an argument: 'h' in -h"); /* and no command to see */
	free(target.name);
}

static void test_help(void **state)
{
	char *help = opt_help(table), *none = opt_help(more + 2);

	(void)state;
	assert_string_equal(help, "  -a, --all               All of them\n"
				  "      --caps strings      Several at once\n"
				  "      --count uint        How many\n"
				  "  -e, --env stringArray   A variable\n"
				  "  -E, --even word         An even word\n"
				  "      --infra             With infra (default true)\n"
				  "  -n, --name string       A name\n"
				  "  -q, --quiet             Say nothing\n"
				  "  -t, --time int          Seconds\n");
	assert_string_equal(none, "");
	assert_ptr_equal(opt_find(table, "even"), &more[1]);
	assert_null(opt_find(table, "odd"));
	free(help);
	free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_letter_h),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
