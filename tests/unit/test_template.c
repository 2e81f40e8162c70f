/*
 * test_template: what --format templates make of a value, row by row.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cli/template.h"

static const char data[] =
	"{\"Name\":\"web\",\"ID\":\"abc\",\"Pid\":7,\"On\":true,\"Off\":false,\"Empty\":\"\",\"Nil\":null,"
	"\"State\":{\"Status\":\"running\",\"Code\":3},"
	"\"List\":[\"net\",\"ipc\"],\"None\":[],\"Numbers\":[1,2],"
	"\"Labels\":{\"b\":\"2\",\"a\":\"1\"},"
	"\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"}]},"
	"\"Containers\":[{\"Id\":\"1\",\"Name\":\"x\"},{\"Id\":\"2\",\"Name\":\"y\"}],"
	"\"_labels\":{\"a\":\"1\"}}";

/* Fills the template in with data. NULL when it is refused; err has the text. */
static char *render(const char *text, struct err *err)
{
	json_t *value = json_loads(data, 0, NULL);
	struct template template = { 0 };
	struct buf buf = { 0 };
	int code = template_parse(text, &template, err);

	assert_non_null(value);
	buf_text(&buf, "");
	if (!code)
		code = template_render(&template, value, &buf, err);
	if (code) {
		buf_free(&buf);
		buf.data = NULL;
	}
	template_free(&template);
	json_decref(value);
	return buf.data;
}

static void test_good(void **state)
{
	static const struct {
		const char *template, *text;
	} rows[] = {
		{ "", "" },
		{ "plain } {", "plain } {" },
		{ "{{.Name}}", "web" },
		{ "{{ .Name }}-{{.ID}}", "web-abc" },
		{ "{{.Id}}", "abc" },
		{ "{{.State.Status}} {{.State.Code}}", "running 3" },
		{ "{{.Pid}} {{.On}} {{.Off}} {{.Nil}}", "7 true false <nil>" },
		{ "{{.List}}", "[net ipc]" },
		{ "{{.None}}", "[]" },
		{ "{{.Labels}}", "map[a:1 b:2]" },
		{ "{{.Labels.b}}", "2" },
		{ "{{.PortBindings}}", "map[80/tcp:[{0.0.0.0 8080}]]" },
		{ "{{.State}}", "{running 3}" },
		{ "{{json .State}}", "{\"Status\":\"running\",\"Code\":3}" },
		{ "{{json .Name}}", "\"web\"" },
		{ "{{.List | json}}", "[\"net\",\"ipc\"]" },
		{ "{{len .List}} {{len .Name}} {{len .Labels}} {{len .Nil}}", "2 3 2 0" },
		{ "{{index .Labels \"a\"}}|{{index .Labels \"none\"}}", "1|" },
		{ "{{index .List 1}}", "ipc" },
		{ "{{(index (index .PortBindings \"80/tcp\") 0).HostPort}}", "8080" },
		{ "{{.Label \"a\"}}|{{.Label \"zz\"}}", "1|" },
		{ "{{range .List}}<{{.}}>{{end}}", "<net><ipc>" },
		{ "{{range .None}}x{{else}}nothing{{end}}", "nothing" },
		{ "{{range .Containers}}{{.Name}}={{$.Name}} {{end}}", "x=web y=web " },
		{ "{{range $i, $c := .Containers}}{{$i}}{{$c.Name}}{{end}}", "0x1y" },
		{ "{{range $k, $v := .Labels}}{{$k}}={{$v};{{end}}", NULL },
		{ "{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}", "a=1;b=2;" },
		{ "{{range $v := .List}}{{$v}}{{end}}", "netipc" },
		{ "{{if .On}}yes{{else}}no{{end}}", "yes" },
		{ "{{if .Off}}yes{{else}}no{{end}}", "no" },
		{ "{{if .Empty}}1{{else if .None}}2{{else if .Pid}}3{{else}}4{{end}}5", "35" },
		{ "{{if .None}}a{{end}}b", "b" },
		{ "{{if .On}}{{if .Off}}x{{else}}y{{end}}z{{end}}", "yz" },
		{ "{{if eq .State.Status \"running\"}}up{{end}}", "up" },
		{ "{{eq .Pid 7}} {{ne .Pid 7}} {{not .On}}", "true false false" },
		{ "{{and .On .Pid}} {{or .Empty \"x\"}}", "7 x" },
		{ "{{join .List \"+\"}} {{upper .Name}} {{lower \"ABC\"}}", "net+ipc WEB abc" },
		{ "a {{- .Name -}} b", "awebb" },
		{ "{{/* a comment }} */}}x", NULL },
		{ "{{/* a comment */}}x", "x" },
		{ "{{\"}}\"}} {{`a\"b`}}", "}} a\"b" },
		{ "a\\tb\\nc", "a\tb\nc" },
		{ "{{with_}}", NULL },
		{ "{{.}}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		char *text = render(rows[i].template, &err);

		if (!rows[i].text) {
			free(text);
			continue; /* refused or not, it must not crash */
		}
		if (!text || strcmp(text, rows[i].text))
			fail_msg("%s gave %s, not %s", rows[i].template, text ? text : err.text,
				 rows[i].text);
		free(text);
	}
}

static void test_bad(void **state)
{
	static const struct {
		const char *template, *text; /* what the error says */
	} rows[] = {
		{ "{{.Foo}}", "can't evaluate field Foo" },
		{ "{{.State.Foo}}", "can't evaluate field Foo" },
		{ "{{.Name.Foo}}", "can't evaluate field Foo" },
		{ "{{.List.Foo}}", "can't evaluate field Foo" },
		{ "{{._labels}}", "can't evaluate field _labels" },
		{ "{{bogus .Name}}", "function \"bogus\" not defined" },
		{ "{{.Name", "unclosed action" },
		{ "{{if .On}}", "{{end}} is missing" },
		{ "{{end}}", "unexpected {{end}}" },
		{ "{{else}}", "unexpected {{else}}" },
		{ "{{if .On}}{{else}}{{else}}{{end}}", "unexpected {{else}}" },
		{ "{{len}}", "wrong number of args for len" },
		{ "{{len .Pid}}", "no length" },
		{ "{{index .List 5}}", "out of range" },
		{ "{{index .List \"a\"}}", "cannot be indexed" },
		{ "{{$x}}", "undefined variable \"$x\"" },
		{ "{{(.Name}}", "unclosed left paren" },
		{ "{{.Name .ID}}", "unexpected" },
		{ "{{\"a}}", "unclosed action" },
		{ "{{range .Pid}}{{end}}", "can't iterate" },
		{ "{{}}", "unexpected" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { 0 };
		char *text = render(rows[i].template, &err);

		if (text || !strstr(err.text, rows[i].text))
			fail_msg("%s gave %s%s, not %s", rows[i].template, text ? text : "", err.text,
				 rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
