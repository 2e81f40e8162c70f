/* environ: values looked up for a container, in Kubernetes' order and words; and what the downward API says. */
#include "store_fixture.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "pod/downward.h"
#include "pod/environ.h"
#include "spec/fields.h"
#include "store/object.h"

#define POD_ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define CTR_ID "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static const char manifest[] =
	"{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\"},\"spec\":{\"serviceAccountName\":\"robot\","
	"\"resources\":{\"limits\":{\"memory\":\"1Gi\"}},"
	"\"initContainers\":[{\"name\":\"prep\",\"resources\":{\"limits\":{\"cpu\":\"250m\"}}}],"
	"\"containers\":[{\"name\":\"app\",\"resources\":{\"limits\":{\"cpu\":\"1500m\",\"memory\":\"64Mi\"},"
	"\"requests\":{\"cpu\":\"100m\"}}},{\"name\":\"bare\"}]}}";

struct ground {
	struct fixture *f;
	struct pod pod;
	struct ctr infra, ctr;
};

static void begin(struct ground *g, void **state)
{
	*g = (struct ground){ .f = *state };
	g->pod.store = &g->f->store;
	g->pod.record = (struct pod_record){ .id = text_dup(POD_ID), .infra_id = text_dup("infra") };
	g->pod.record.spec.name = text_dup("web");
	g->pod.record.spec.manifest = text_dup(manifest);
	strv_add(&g->pod.record.spec.labels, "app=shop");
	strv_add(&g->pod.record.spec.labels, "tier=a=b");
	strv_add(&g->pod.record.spec.annotations, "note=two \"words\"\n\tend\x01");
	g->pod.run_dir = record_open_run_dir(&g->f->store, POD_ID, NULL);
	g->infra = (struct ctr){ .pod = &g->pod, .next = &g->ctr, .record = { .id = text_dup("infra") } };
	strcpy(g->infra.ip, "10.88.0.9");
	g->ctr = (struct ctr){ .pod = &g->pod, .record = { .id = text_dup(CTR_ID) } };
	g->ctr.record.spec.name = text_dup("web-app");
	strv_add(&g->ctr.record.spec.labels, "io.kubernetes.container.name=app");
	strv_add(&g->ctr.record.env, "PATH=/bin");
	strv_add(&g->ctr.record.env, "IMAGE=from image");
	g->pod.ctrs = &g->infra;
}

static void end(struct ground *g)
{
	pod_record_free(&g->pod.record);
	ctr_record_free(&g->ctr.record);
	ctr_record_free(&g->infra.record);
	close(g->pod.run_dir);
}

/* One variable to be looked up; NULL for what does not matter. */
static struct env_source *ask(struct ground *g, const char *name, const char *value, const char *kind,
			      const char *object, const char *key)
{
	struct env_source *source = fields_append(&env_source_shape, &g->ctr.record.spec.env_sources);

	source->name = text_dup(name);
	source->value = text_dup(value);
	source->kind = text_dup(kind);
	source->object = text_dup(object);
	source->key = text_dup(key);
	return source;
}

static void put(const struct ground *g, const char *kind, const char *name, const char *const *pairs)
{
	struct object object = { .kind = kind, .name = text_dup(name) };

	if (!strcmp(kind, OBJECT_SECRET))
		object.type = text_dup("Opaque");
	for (; *pairs; pairs += 2)
		assert_int_equal(object_add(&object, pairs[0], pairs[1], strlen(pairs[1]), false, NULL), 0);
	assert_int_equal(object_put(&g->f->store, &object, false, NULL, NULL), 0);
	object_free(&object);
}

/* Looks all up and checks one line: "A=1 B=two" of what is beyond the image's, in order. */
static void assert_env(struct ground *g, const char *expected)
{
	struct strv env = { 0 }, args = { 0 }, more = { 0 };
	struct err err = { 0 };
	cleanup_free char *text = NULL;

	if (environ_resolve(&g->pod, &g->ctr, &env, &args, &err))
		fail_msg("%s", err.text);
	for (size_t i = g->ctr.record.env.n; i < env.n; i++)
		strv_add(&more, env.v[i]);
	text = strv_join(&more, " ");
	assert_string_equal(text, expected);
	strv_free(&more);
	strv_free(&env);
	strv_free(&args);
}

static void assert_fails(struct ground *g, const char *words)
{
	struct strv env = { 0 }, args = { 0 };
	struct err err = { 0 };
	int code = environ_resolve(&g->pod, &g->ctr, &env, &args, &err);

	assert_true(environ_config_error(code));
	assert_string_equal(err.text, words);
	assert_int_equal(env.n + args.n, 0);
}

static void test_order(void **state)
{
	struct ground g;
	struct env_source *all;

	begin(&g, state);
	put(&g, OBJECT_CONFIGMAP, "c", (const char *const[]){ "A", "1", "B", "$(A)", NULL });
	put(&g, OBJECT_SECRET, "s", (const char *const[]){ "B", "hidden", "C", "3", NULL });
	ask(&g, "FIRST", "$(s_B) $(A) $(LATER) $$(A)", NULL, NULL, NULL);
	ask(&g, "LATER", "$(FIRST)!", NULL, NULL, NULL);
	ask(&g, "A", "again", NULL, NULL, NULL);
	ask(&g, "LAST", "$(A)", NULL, NULL, NULL);
	ask(&g, NULL, NULL, "configmap", "c", NULL);
	all = ask(&g, NULL, NULL, "secret", "s", NULL);
	all->prefix = text_dup("s_");
	assert_env(&g, "A=again B=$(A) s_B=hidden s_C=3 FIRST=hidden 1 $(LATER) $(A) "
		       "LATER=hidden 1 $(LATER) $(A)! LAST=again");
	end(&g);
}

static void test_over_the_image(void **state)
{
	struct ground g;
	struct strv env = { 0 }, args = { 0 };

	begin(&g, state);
	ask(&g, "IMAGE", "mine: $(IMAGE)", NULL, NULL, NULL); /* the image's variables are not looked at */
	assert_int_equal(environ_resolve(&g.pod, &g.ctr, &env, &args, NULL), 0);
	assert_string_equal(strv_get(&env, "IMAGE"), "mine: $(IMAGE)");
	assert_string_equal(strv_get(&env, "PATH"), "/bin");
	assert_int_equal(env.n, 2);
	strv_free(&env);
	strv_free(&args);
	end(&g);
}

static void test_missing(void **state)
{
	struct ground g;
	struct env_source *source;

	begin(&g, state);
	source = ask(&g, "X", NULL, "configmap", "c", "k");
	assert_fails(&g, "configmap \"c\" not found");
	source->optional = true;
	assert_env(&g, "");
	source->optional = false;
	put(&g, OBJECT_CONFIGMAP, "c", (const char *const[]){ "other", "1", NULL });
	assert_fails(&g, "couldn't find key k in ConfigMap shop/c");
	source->optional = true;
	assert_env(&g, "");
	text_replace(&source->kind, text_dup("secret"));
	source->optional = false;
	assert_fails(&g, "secret \"c\" not found");
	put(&g, OBJECT_SECRET, "c", (const char *const[]){ "other", "1", NULL });
	assert_fails(&g, "couldn't find key k in Secret shop/c");
	put(&g, OBJECT_SECRET, "c", (const char *const[]){ "k", "v", NULL });
	assert_env(&g, "X=v");
	text_replace(&source->name, NULL);
	text_replace(&source->key, NULL);
	text_replace(&source->object, text_dup("none"));
	assert_fails(&g, "secret \"none\" not found");
	end(&g);
}

static void test_binary(void **state)
{
	struct ground g;
	struct object object = { .kind = OBJECT_CONFIGMAP, .name = text_dup("c") };
	struct object secret = { .kind = OBJECT_SECRET, .name = text_dup("s") };

	begin(&g, state);
	object_add(&object, "bytes", "\xff", 1, true, NULL);
	object_add(&object, "text", "t", 1, false, NULL);
	object_put(&g.f->store, &object, false, NULL, NULL);
	object_add(&secret, "zero", "a\0b", 3, false, NULL);
	object_put(&g.f->store, &secret, false, NULL, NULL);
	ask(&g, NULL, NULL, "configmap", "c", NULL);
	assert_env(&g, "text=t"); /* binaryData makes no variables */
	ask(&g, "Z", NULL, "secret", "s", "zero");
	assert_fails(&g, "variable Z: key zero of secret s has a zero byte in it");
	object_free(&object);
	object_free(&secret);
	end(&g);
}

static void set_words(struct strv *list, const char *text)
{
	strv_free(list);
	strv_split(list, text, ' ');
}

static void test_args(void **state)
{
	/* entrypoint of the spec (- : the image's), command of the spec, what the image had, result */
	static const char *const rows[][4] = {
		{ "-", "$(A)", "/entry-$(A) $(A)", "/entry-$(A) one" },
		{ "sh $(A)", "-c $(A)$(NONE)", "sh $(A) -c $(A)$(NONE)", "sh one -c one$(NONE)" },
		{ "sh $$(A)", "", "sh $$(A)", "sh $(A)" },
		{ "-", "", "/entry $(A)", "/entry $(A)" },
		{ "sh", "$(PATH) $(IMAGE)", "sh $(PATH) $(IMAGE)", "sh $(PATH) $(IMAGE)" },
	};
	struct ground g;

	begin(&g, state);
	ask(&g, "A", "one", NULL, NULL, NULL);
	g.ctr.record.spec.expand = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct strv env = { 0 }, args = { 0 };
		cleanup_free char *text = NULL;

		g.ctr.record.spec.entrypoint_set = strcmp(rows[i][0], "-");
		set_words(&g.ctr.record.spec.entrypoint, g.ctr.record.spec.entrypoint_set ? rows[i][0] : "");
		set_words(&g.ctr.record.spec.command, rows[i][1]);
		set_words(&g.ctr.record.args, rows[i][2]);
		assert_int_equal(environ_resolve(&g.pod, &g.ctr, &env, &args, NULL), 0);
		text = strv_join(&args, " ");
		assert_string_equal(text, rows[i][3]);
		strv_free(&env);
		strv_free(&args);
	}
	end(&g);
}

/* exec gets what the start found, whatever has changed since. */
static void test_recall(void **state)
{
	struct ground g;
	struct strv env = { 0 };
	struct stat stat;

	begin(&g, state);
	put(&g, OBJECT_CONFIGMAP, "c", (const char *const[]){ "k", "old\nlines", NULL });
	ask(&g, "X", NULL, "configmap", "c", "k");
	environ_recall(&g.ctr, &env);
	assert_int_equal(env.n, 2); /* nothing kept yet: the record's */
	strv_free(&env);
	assert_env(&g, "X=old\nlines");
	put(&g, OBJECT_CONFIGMAP, "c", (const char *const[]){ "k", "new", NULL });
	environ_recall(&g.ctr, &env);
	assert_string_equal(strv_get(&env, "X"), "old\nlines");
	assert_string_equal(strv_get(&env, "PATH"), "/bin");
	assert_int_equal(env.n, 3);
	assert_int_equal(fstatat(g.pod.run_dir, "ctr/" CTR_ID "/environ", &stat, 0), 0);
	assert_int_equal(stat.st_mode, S_IFREG | 0600);
	strv_free(&env);
	end(&g);
}

static void test_check(void **state)
{
	struct ground g;
	struct err err = { 0 };

	begin(&g, state);
	ask(&g, "IP", NULL, "field", NULL, "status.podIP");
	ask(&g, "X", NULL, "configmap", "c", "k");
	assert_int_equal(environ_check(&g.f->store, &g.pod.record.spec, &g.ctr.record.spec, &err), -ENOENT);
	assert_string_equal(err.text, "configmap \"c\" not found");
	put(&g, OBJECT_CONFIGMAP, "c", (const char *const[]){ "k", "1", NULL });
	assert_int_equal(environ_check(&g.f->store, &g.pod.record.spec, &g.ctr.record.spec, &err), 0);
	end(&g);
}

static void assert_field(const struct downward *about, const char *field, const char *expected)
{
	struct err err = { 0 };
	cleanup_free char *text = NULL;

	if (downward_field(about, field, &text, &err))
		fail_msg("%s", err.text);
	assert_string_equal(text, expected);
}

static void test_fields(void **state)
{
	char node[HOST_NAME_MAX + 1] = "";
	cleanup_free char *text = NULL;
	struct downward about;
	struct err err = { 0 };
	struct ground g;

	begin(&g, state);
	assert_int_equal(downward_open(&g.pod.record, "10.88.0.9", &about, NULL), 0);
	gethostname(node, sizeof(node) - 1);
	for (char *c = node; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	assert_field(&about, "metadata.name", "web");
	assert_field(&about, "metadata.namespace", "shop");
	assert_field(&about, "metadata.uid", "01234567-89ab-4def-8123-456789abcdef");
	assert_field(&about, "metadata.labels['app']", "shop");
	assert_field(&about, "metadata.labels['tier']", "a=b");
	assert_field(&about, "metadata.labels['none']", "");
	assert_field(&about, "metadata.labels", "app=\"shop\"\ntier=\"a=b\"");
	assert_field(&about, "metadata.annotations", "note=\"two \\\"words\\\"\\n\\tend\\x01\"");
	assert_field(&about, "spec.nodeName", node);
	assert_field(&about, "spec.serviceAccountName", "robot");
	assert_field(&about, "status.podIP", "10.88.0.9");
	assert_field(&about, "status.podIPs", "10.88.0.9");
	assert_int_equal(downward_field(&about, "spec.nodeSelector", &text, &err), -EINVAL);
	assert_string_equal(err.text, "unsupported fieldPath: spec.nodeSelector");
	downward_close(&about);

	assert_int_equal(downward_open(&g.pod.record, NULL, &about, NULL), 0);
	assert_int_equal(downward_field(&about, "status.hostIP", &text, NULL), 0);
	assert_field(&about, "status.podIP", text); /* in the host's network */
	assert_int_equal(strspn(text, "0123456789."), strlen(text));
	downward_close(&about);
	end(&g);
}

static void test_resources(void **state)
{
	struct sysinfo info;
	cleanup_free char *cores = text_format("%ld", sysconf(_SC_NPROCESSORS_ONLN)), *memory = NULL;
	const struct {
		const char *ctr, *resource, *divisor, *expected;
	} rows[] = {
		{ "app", "limits.cpu", NULL, "2" },	      { "app", "limits.cpu", "1", "2" },
		{ "app", "limits.cpu", "1m", "1500" },	      { "app", "limits.cpu", "0", "2" },
		{ "app", "requests.cpu", "1m", "100" },	      { "app", "requests.cpu", NULL, "1" },
		{ "app", "limits.memory", NULL, "67108864" }, { "app", "limits.memory", "1Mi", "64" },
		{ "app", "limits.memory", "1M", "68" },	      { "app", "requests.memory", "1Mi", "64" },
		{ "prep", "limits.cpu", "1m", "250" },	      { "bare", "limits.cpu", NULL, cores },
		{ "bare", "limits.memory", "1Mi", "1024" }, /* the pod's own */
		{ "bare", "requests.cpu", "1m", "0" },
	};
	struct downward about;
	struct err err = { 0 };
	struct ground g;

	begin(&g, state);
	assert_int_equal(downward_open(&g.pod.record, NULL, &about, NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cleanup_free char *text = NULL;

		if (downward_resource(&about, rows[i].ctr, rows[i].resource, rows[i].divisor, &text, &err))
			fail_msg("%s", err.text);
		if (strcmp(text, rows[i].expected))
			fail_msg("%s of %s in %s: %s", rows[i].resource, rows[i].ctr, rows[i].divisor, text);
	}
	assert_int_equal(downward_resource(&about, "app", "limits.disk", NULL, &memory, &err), -EINVAL);
	assert_string_equal(err.text, "unsupported container resource : limits.disk");
	assert_int_equal(downward_resource(&about, "app", "limits.cpu", "1x", &memory, &err), -EINVAL);
	downward_close(&about);

	text_replace(&g.pod.record.spec.manifest, NULL); /* made with flags: this machine's */
	assert_int_equal(downward_open(&g.pod.record, NULL, &about, NULL), 0);
	assert_int_equal(downward_resource(&about, "x", "limits.memory", NULL, &memory, NULL), 0);
	sysinfo(&info);
	assert_int_equal(strtoull(memory, NULL, 10), (uint64_t)info.totalram * info.mem_unit);
	downward_close(&about);
	end(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(test_order),  fixture_test(test_over_the_image), fixture_test(test_missing),
		fixture_test(test_binary), fixture_test(test_args),	      fixture_test(test_recall),
		fixture_test(test_check),  fixture_test(test_fields),	      fixture_test(test_resources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
