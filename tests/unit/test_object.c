/* ConfigMaps and Secrets: from JSON and back, on disk, and by several writers at once. */
#include "store_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "store/object.h"

/* Quotes are easier to read as single ones. */
static json_t *parse(const char *text)
{
	cleanup_free char *copy = text_dup(text);
	json_t *value;

	for (char *c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	value = json_loads(copy, 0, NULL);
	assert_non_null(value);
	return value;
}

static int read_text(const char *text, struct object *ret_object, struct err *err)
{
	json_t *value = parse(text);
	int code = object_from_json(value, ret_object, err);

	json_decref(value);
	return code;
}

static struct object make(const char *text)
{
	struct err err = { 0 };
	struct object object;

	if (read_text(text, &object, &err))
		fail_msg("%s", err.text);
	return object;
}

static const char *put(const struct fixture *f, const char *text)
{
	struct object object = make(text);
	struct err err = { 0 };
	const char *done = NULL;

	if (object_put(&f->store, &object, false, &done, &err))
		fail_msg("%s", err.text);
	object_free(&object);
	return done;
}

#define CONFIG(name, more) "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'" name "'}" more "}"
#define SECRET(name, more) "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'" name "'}" more "}"

static void test_from_json(void **state)
{
	struct object object;

	(void)state;
	object = make(
		"{'kind':'ConfigMap','metadata':{'name':'a.b','labels':{'x':'1'},'annotations':{'n':'v=w'}},"
		"'immutable':true,'data':{'b':'two','a':'one\\n','empty':''},'binaryData':{'z':'AP8='}}");
	assert_string_equal(object.name, "a.b");
	assert_true(object.immutable);
	assert_string_equal(strv_get(&object.labels, "x"), "1");
	assert_string_equal(strv_get(&object.annotations, "n"), "v=w");
	assert_int_equal(object.n, 4);
	assert_string_equal(object.v[0].key, "a");
	assert_string_equal(object.v[0].bytes, "one\n");
	assert_false(object.v[0].binary);
	assert_int_equal(object_value(&object, "empty")->length, 0);
	assert_int_equal(object_value(&object, "z")->length, 2);
	assert_memory_equal(object_value(&object, "z")->bytes, "\0\377", 2);
	assert_true(object_value(&object, "z")->binary);
	assert_null(object_value(&object, "none"));
	object_free(&object);

	object = make(SECRET("s", ",'data':{'a':'b25l','b':'dHdv'},'stringData':{'b':'wins'}"));
	assert_string_equal(object.type, "Opaque");
	assert_string_equal(object_value(&object, "a")->bytes, "one");
	assert_string_equal(object_value(&object, "b")->bytes, "wins");
	assert_false(object_value(&object, "a")->binary);
	object_free(&object);
}

/* What was read is written again as Kubernetes has it. */
static void test_to_json(void **state)
{
	static const char *const texts[] = {
		CONFIG("c", ",'data':{'a':'one'},'binaryData':{'z':'AP8=','text':'b25l'}"),
		CONFIG("empty", ""),
		CONFIG("i", ",'immutable':true,'data':{'x':'\\u00e4'}"),
		SECRET("s", ",'data':{'a':'b25l','z':'AP8='},'type':'kubernetes.io/tls'"),
		"{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'m','creationTimestamp':'2026-01-"
		"02T03:04:05Z',"
		"'resourceVersion':'17','labels':{'a':'b'},'annotations':{'c':'d'}}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct object object = make(texts[i]);
		json_t *before = parse(texts[i]), *after = object_to_json(&object);

		assert_true(json_equal(before, after));
		json_decref(before);
		json_decref(after);
		object_free(&object);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "{'kind':'Pod','metadata':{'name':'x'}}", "Pod is no ConfigMap and no Secret" },
		{ CONFIG("Big", ""), "a lowercase RFC 1123 subdomain" },
		{ CONFIG("../x", ""), "a lowercase RFC 1123 subdomain" },
		{ CONFIG("a/b", ""), "a lowercase RFC 1123 subdomain" },
		{ CONFIG("a..b", ""), "a lowercase RFC 1123 subdomain" },
		{ CONFIG("-a", ""), "a lowercase RFC 1123 subdomain" },
		{ CONFIG("a-", ""), "a lowercase RFC 1123 subdomain" },
		{ CONFIG("a-.b", ""), "a lowercase RFC 1123 subdomain" },
		{ CONFIG("a.", ""), "a lowercase RFC 1123 subdomain" },
		{ CONFIG("", ""), "a lowercase RFC 1123 subdomain" },
		{ "{'kind':'ConfigMap','metadata':{}}", "a lowercase RFC 1123 subdomain" },
		{ CONFIG("c", ",'data':{'a/b':'x'}"), "a valid config key" },
		{ CONFIG("c", ",'data':{'..':'x'}"), "a valid config key" },
		{ CONFIG("c", ",'data':{'..data':'x'}"), "a valid config key" },
		{ CONFIG("c", ",'data':{'.':'x'}"), "a valid config key" },
		{ CONFIG("c", ",'data':{'':'x'}"), "a valid config key" },
		{ CONFIG("c", ",'data':{'a':1}"), "data.a: must be a string" },
		{ SECRET("s", ",'data':{'a':'not base64'}"), "data.a: illegal base64 data" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct object object;
		struct err err = { 0 };

		assert_int_equal(read_text(rows[i].text, &object, &err), -EINVAL);
		if (!strstr(err.text, rows[i].why))
			fail_msg("%s: %s", rows[i].text, err.text);
		object_free(&object);
	}
}

static void test_size(void **state)
{
	struct object object = make(CONFIG("big", ""));
	char *bytes = mem_zalloc(OBJECT_DATA_MAX + 1);
	struct err err = { 0 };

	(void)state;
	memset(bytes, 'x', OBJECT_DATA_MAX);
	assert_int_equal(object_add(&object, "a", bytes, OBJECT_DATA_MAX, false, &err), 0);
	assert_int_equal(object_add(&object, "b", "y", 1, false, &err), -EINVAL);
	assert_non_null(strstr(err.text, "Too long: may not be more than 1048576 bytes"));
	assert_int_equal(object_add(&object, "a", "small", 5, false, &err), 0); /* in its place */
	assert_int_equal(object_add(&object, "b", "y", 1, false, &err), 0);
	object_free(&object);
	free(bytes);
}

static void test_store(void **state)
{
	struct fixture *f = *state;
	struct object object;
	struct err err = { 0 };
	struct stat stat;
	int64_t created, version;

	assert_int_equal(object_get(&f->store, "configmap", "c", &object, &err), -ENOENT);
	assert_string_equal(err.text, "configmap \"c\" not found");
	assert_string_equal(put(f, CONFIG("c", ",'data':{'a':'1'}")), "created");
	assert_int_equal(object_get(&f->store, "configmap", "c", &object, &err), 0);
	created = object.created;
	version = object.version;
	assert_true(created > 0);
	assert_true(version > 0);
	object_free(&object);
	assert_string_equal(put(f, CONFIG("c", ",'data':{'a':'1'}")), "unchanged");
	assert_string_equal(put(f, SECRET("c", ",'stringData':{'a':'1'}")), "created");
	assert_string_equal(put(f, CONFIG("c", ",'data':{'a':'2'}")), "configured");
	assert_int_equal(object_get(&f->store, "configmap", "c", &object, &err), 0);
	assert_string_equal(object.v[0].bytes, "2");
	assert_int_equal(object.created, created);
	assert_int_equal(object.version, version + 2);

	assert_int_equal(object_put(&f->store, &object, true, NULL, &err), -EEXIST);
	assert_string_equal(err.text, "configmaps \"c\" already exists");
	object_free(&object);
	assert_int_equal(fstatat(f->store.root_fd, "objects/secret/c.json", &stat, 0), 0);
	assert_int_equal(stat.st_mode, S_IFREG | 0600);

	assert_int_equal(object_remove(&f->store, "configmap", "c", &err), 0);
	assert_int_equal(object_remove(&f->store, "configmap", "c", &err), -ENOENT);
	assert_string_equal(err.text, "configmap \"c\" not found");
	assert_int_equal(object_get(&f->store, "secret", "c", &object, &err), 0);
	object_free(&object);
}

static void test_hostile_names(void **state)
{
	static const char *const names[] = { "../configmap/x", "a/b", "..", ".", "", "/etc/passwd" };
	struct fixture *f = *state;

	put(f, CONFIG("x", ""));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct object object;

		assert_int_equal(object_get(&f->store, "secret", names[i], &object, NULL), -ENOENT);
		assert_int_equal(object_remove(&f->store, "secret", names[i], NULL), -ENOENT);
	}
}

static int put_code(const struct fixture *f, const char *text, struct err *err)
{
	struct object object = make(text);
	int code = object_put(&f->store, &object, false, NULL, err);

	object_free(&object);
	return code;
}

static void test_immutable(void **state)
{
	struct fixture *f = *state;
	struct err err = { 0 };

	put(f, CONFIG("c", ",'immutable':true,'data':{'a':'1'}"));
	assert_int_equal(put_code(f, CONFIG("c", ",'immutable':true,'data':{'a':'2'}"), &err), -EINVAL);
	assert_string_equal(
		err.text,
		"ConfigMap \"c\" is invalid: data: Forbidden: field is immutable when `immutable` is set");
	assert_int_equal(put_code(f, CONFIG("c", ",'data':{'a':'1'}"), &err), -EINVAL);
	assert_int_equal(put_code(f,
				  "{'kind':'ConfigMap','metadata':{'name':'c','labels':{'l':'1'}},"
				  "'immutable':true,'data':{'a':'1'}}",
				  &err),
			 0);
	put(f, SECRET("s", ",'type':'Opaque'"));
	assert_int_equal(put_code(f, SECRET("s", ",'type':'kubernetes.io/tls'"), &err), -EINVAL);
	assert_non_null(strstr(err.text, "field is immutable"));
}

static void test_list(void **state)
{
	struct fixture *f = *state;
	struct objects objects;
	struct strv broken = { 0 };

	assert_int_equal(object_list(&f->store, "configmap", &objects, NULL, NULL), 0);
	assert_int_equal(objects.n, 0);
	put(f, CONFIG("b", ""));
	put(f, CONFIG("a.json", ""));
	put(f, SECRET("s", ""));
	assert_int_equal(io_replace_file(f->store.root_fd, "objects/configmap/torn.json", "{", 1, 0600, NULL),
			 0);
	assert_int_equal(object_list(&f->store, "configmap", &objects, &broken, NULL), 0);
	assert_int_equal(objects.n, 2);
	assert_string_equal(objects.v[0].name, "a.json");
	assert_string_equal(objects.v[1].name, "b");
	assert_int_equal(broken.n, 1);
	assert_string_equal(broken.v[0], "torn: objects/configmap/torn.json is damaged");
	objects_free(&objects);
	strv_free(&broken);
}

/* Eight writers: each change gets a version of its own, and a reader sees whole objects only. */
static void test_concurrent(void **state)
{
	enum { WRITERS = 8, TIMES = 20 };
	struct fixture *f = *state;
	struct object object;
	int status;

	put(f, CONFIG("c", ",'data':{'a':'x','b':'x'}"));
	for (int i = 0; i < WRITERS; i++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child)
			continue;
		for (int j = 0; j < TIMES; j++) {
			cleanup_free char *text =
				text_format(CONFIG("c", ",'data':{'a':'%d-%d','b':'%d-%d'}"), i, j, i, j);
			json_t *value;

			for (char *c = text; *c; c++)
				*c = *c == '\'' ? '"' : *c;
			value = json_loads(text, 0, NULL);
			if (object_from_json(value, &object, NULL) ||
			    object_put(&f->store, &object, false, NULL, NULL))
				_exit(1);
			object_free(&object);
			json_decref(value);
		}
		_exit(0);
	}
	for (int i = 0; i < 200; i++) {
		assert_int_equal(object_get(&f->store, "configmap", "c", &object, NULL), 0);
		assert_string_equal(object.v[0].bytes, object.v[1].bytes);
		object_free(&object);
	}
	for (int i = 0; i < WRITERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(object_get(&f->store, "configmap", "c", &object, NULL), 0);
	assert_int_equal(object.version, 1 + WRITERS * TIMES);
	object_free(&object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_json), cmocka_unit_test(test_to_json),
		cmocka_unit_test(test_refused),	  cmocka_unit_test(test_size),
		fixture_test(test_store),	  fixture_test(test_hostile_names),
		fixture_test(test_immutable),	  fixture_test(test_list),
		fixture_test(test_concurrent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
