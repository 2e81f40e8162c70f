/*
 * volumes: what -v, --mount and --tmpfs give. A mount is shown as its JSON,
 * where all that is not set is left out.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/fields.h"
#include "spec/volumes.h"

typedef int parse_fn(const char *text, const char *cwd, struct mount_list *list, struct err *err);

static int parse_tmpfs(const char *text, const char *cwd, struct mount_list *list, struct err *err)
{
	(void)cwd;
	return volumes_parse_tmpfs(text, list, err);
}

static void free_mounts(struct mount_list *list)
{
	struct pod_spec pod = { .mounts = *list };

	fields_free(&pod_spec_shape, &pod);
	*list = (struct mount_list){ 0 };
}

struct row {
	const char *given;
	const char *json; /* NULL: an error is expected */
	const char *error;
};

static const struct row volume_rows[] = {
	{ "/src:/dst", "{'recursive':true,'source':'/src','target':'/dst','type':'bind'}", NULL },
	{ "./s:/dst", "{'recursive':true,'source':'/home/me/s','target':'/dst','type':'bind'}", NULL },
	{ "../s//x/.:/dst/", "{'recursive':true,'source':'/home/s/x','target':'/dst','type':'bind'}", NULL },
	{ ".:/dst", "{'recursive':true,'source':'/home/me','target':'/dst','type':'bind'}", NULL },
	{ "/../..:/d/../e", "{'recursive':true,'source':'/','target':'/e','type':'bind'}", NULL },
	{ "data:/dst", "{'source':'data','target':'/dst','type':'volume'}", NULL },
	{ "/dst", "{'target':'/dst','type':'volume'}", NULL },
	{ "data:/dst:ro,noexec,nosuid,nodev",
	  "{'nodev':true,'noexec':true,'nosuid':true,'read_only':true,'source':'data','target':'/dst','type':"
	  "'volume'}",
	  NULL },
	{ "data:/dst:rw,exec,suid,dev,z", "{'source':'data','target':'/dst','type':'volume'}", NULL },
	{ "data:/dst:Z,U,nocopy",
	  "{'no_copy':true,'own':true,'source':'data','target':'/dst','type':'volume'}", NULL },
	{ "/s:/dst:bind,rslave", "{'propagation':'rslave','source':'/s','target':'/dst','type':'bind'}",
	  NULL },
	{ "/s:/dst:rbind,shared",
	  "{'propagation':'shared','recursive':true,'source':'/s','target':'/dst','type':'bind'}", NULL },
	{ "", NULL, ": incorrect volume format, should be [host-dir:]ctr-dir[:option]" },
	{ ":", NULL, "host directory cannot be empty" },
	{ ":/dst", NULL, "host directory cannot be empty" },
	{ "data:", NULL, "container directory cannot be empty" },
	{ "data:dst", NULL, "invalid container path \"dst\", must be an absolute path" },
	{ "dst", NULL, "invalid container path \"dst\", must be an absolute path" },
	{ "data:/", NULL, "invalid container path \"/\": the root itself cannot be mounted on" },
	{ "data:/a/..", NULL, "invalid container path \"/a/..\": the root itself cannot be mounted on" },
	{ "a:/b:ro:x", NULL, "a:/b:ro:x: incorrect volume format, should be [host-dir:]ctr-dir[:option]" },
	{ "a:/b:ro:", NULL, "a:/b:ro:: incorrect volume format, should be [host-dir:]ctr-dir[:option]" },
	{ "a:/b:bogus", NULL, "invalid option type \"bogus\"" },
	{ "a:/b:size=1m", NULL, "invalid option type \"size\"" },
	{ "a:/b:ro,rw", NULL, "invalid options \"ro, rw\", can only specify 1 'rw' or 'ro' option" },
	{ "a:/b:exec,noexec", NULL,
	  "invalid options \"exec, noexec\", can only specify 1 'exec' or 'noexec' option" },
};

static const struct row mount_rows[] = {
	{ "type=bind,src=/a,dst=/b", "{'recursive':true,'source':'/a','target':'/b','type':'bind'}", NULL },
	{ "type=bind,source=a,target=/b",
	  "{'recursive':true,'source':'/home/me/a','target':'/b','type':'bind'}", NULL },
	{ "destination=/b,source=/a,ro,type=bind",
	  "{'read_only':true,'recursive':true,'source':'/a','target':'/b','type':'bind'}", NULL },
	{ "type=bind,dst=/b", "{'recursive':true,'source':'/b','target':'/b','type':'bind'}", NULL },
	{ "type=bind,src=/a:b,dst=/c:d", "{'recursive':true,'source':'/a:b','target':'/c:d','type':'bind'}",
	  NULL },
	{ "type=bind,src=/a,dst=/b,readonly=true,bind-propagation=rshared,bind-nonrecursive",
	  "{'propagation':'rshared','read_only':true,'source':'/a','target':'/b','type':'bind'}", NULL },
	{ "type=bind,src=/a,dst=/b,readonly=false,consistency=cached",
	  "{'recursive':true,'source':'/a','target':'/b','type':'bind'}", NULL },
	{ "type=volume,src=v,dst=/b,subpath=/x/y",
	  "{'source':'v','subpath':'x/y','target':'/b','type':'volume'}", NULL },
	{ "type=volume,dst=/b,volume-nocopy,U=true",
	  "{'no_copy':true,'own':true,'target':'/b','type':'volume'}", NULL },
	{ "src=v,dst=/b", "{'source':'v','target':'/b','type':'volume'}", NULL },
	{ "type=tmpfs,dst=/b", "{'nodev':true,'nosuid':true,'target':'/b','type':'tmpfs'}", NULL },
	{ "type=tmpfs,dst=/b,tmpfs-size=10m,tmpfs-mode=1770,notmpcopyup",
	  "{'mode':1016,'no_copy':true,'nodev':true,'nosuid':true,'size':10485760,'target':'/"
	  "b','type':'tmpfs'}",
	  NULL },
	{ "", NULL, "must set volume destination" },
	{ "type=bind,src=/a", NULL, "must set volume destination" },
	{ "type=nfs,dst=/b", NULL, "invalid filesystem type \"nfs\" (bind, volume and tmpfs are there)" },
	{ "type=bind,src=/a,dst", NULL, "dst: must provide an argument for option" },
	{ "type=bind,src=,dst=/b", NULL, "src: must provide an argument for option" },
	{ "type=bind,src=/a,dst=b", NULL, "invalid container path \"b\", must be an absolute path" },
	{ "type=bind,src=/a,source=/c,dst=/b", NULL, "cannot pass \"source\" option more than once" },
	{ "type=bind,src=/a,dst=/b,target=/c", NULL, "cannot pass \"target\" option more than once" },
	{ "type=bind,src=/a,dst=/b,readonly=maybe", NULL, "invalid value \"ro=maybe\"" },
	{ "type=bind,src=/a,dst=/b,bind-propagation=x", NULL, "invalid value \"bind-propagation=x\"" },
	{ "type=bind,src=/a,dst=/b,bogus=1", NULL, "invalid option type \"bogus\"" },
	{ "type=bind,src=/a,dst=/b,tmpfs-size=1", NULL,
	  "\"tmpfs-size\" option not supported for \"bind\" mount types" },
	{ "type=bind,src=/a,dst=/b,subpath=x", NULL, "cannot set option \"subpath\" on non-volume mounts" },
	{ "type=tmpfs,src=/a,dst=/b", NULL, "\"src\" option not supported for \"tmpfs\" mount types" },
	{ "type=tmpfs,dst=/b,tmpfs-size=x", NULL, "invalid tmpfs size \"x\"" },
	{ "type=tmpfs,dst=/b,tmpfs-mode=9", NULL, "invalid tmpfs mode \"9\"" },
};

static const struct row tmpfs_rows[] = {
	{ "/t", "{'nodev':true,'nosuid':true,'target':'/t','type':'tmpfs'}", NULL },
	{ "/t:size=64k,mode=755,noexec",
	  "{'mode':493,'nodev':true,'noexec':true,'nosuid':true,'size':65536,'target':'/t','type':'tmpfs'}",
	  NULL },
	{ "/t:rw,suid,dev", "{'target':'/t','type':'tmpfs'}", NULL },
	{ "/t:ro", "{'nodev':true,'nosuid':true,'read_only':true,'target':'/t','type':'tmpfs'}", NULL },
	{ "t", NULL, "invalid container path \"t\", must be an absolute path" },
	{ "", NULL, "container directory cannot be empty" },
	{ "/t:size=50%", NULL, "invalid tmpfs size \"50%\"" },
	{ "/t:mode=77777", NULL, "invalid tmpfs mode \"77777\"" },
	{ "/t:mode=", NULL, "invalid tmpfs mode \"\"" },
	{ "/t:bogus", NULL, "invalid option type \"bogus\"" },
};

static void run_rows(const struct row *rows, size_t n, parse_fn *parse)
{
	for (size_t i = 0; i < n; i++) {
		struct mount_list list = { 0 };
		struct err err = { 0 };
		int code;

		print_message("%s\n", rows[i].given);
		code = parse(rows[i].given, "/home/me", &list, &err);
		assert_int_equal(code, rows[i].error ? -EINVAL : 0);
		assert_string_equal(err.text, rows[i].error ? rows[i].error : "");
		assert_int_equal(list.n, rows[i].json ? 1 : 0);
		if (list.n) {
			json_t *json = fields_encode(&mount_spec_shape, &list.v[0]);
			char *text = json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT);

			for (char *p = text; *p; p++)
				*p = *p == '"' ? '\'' : *p;
			assert_string_equal(text, rows[i].json);
			free(text);
			json_decref(json);
		}
		free_mounts(&list);
	}
}

static void test_volume(void **state)
{
	(void)state;
	run_rows(volume_rows, sizeof(volume_rows) / sizeof(*volume_rows), volumes_parse);
}

static void test_mount(void **state)
{
	(void)state;
	run_rows(mount_rows, sizeof(mount_rows) / sizeof(*mount_rows), volumes_parse_mount);
}

static void test_tmpfs(void **state)
{
	(void)state;
	run_rows(tmpfs_rows, sizeof(tmpfs_rows) / sizeof(*tmpfs_rows), parse_tmpfs);
}

static void test_duplicates(void **state)
{
	struct mount_list list = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(volumes_parse("a:/x", "/", &list, &err), 0);
	assert_int_equal(volumes_parse("a:/x/", "/", &list, &err), 0); /* the same again */
	assert_int_equal(list.n, 1);
	assert_int_equal(volumes_parse("b:/x", "/", &list, &err), -EINVAL);
	assert_string_equal(err.text, "/x: duplicate mount destination");
	assert_int_equal(volumes_parse_tmpfs("/y/../x", &list, &err), -EINVAL);
	assert_string_equal(err.text, "/x: duplicate mount destination");
	assert_int_equal(volumes_parse_mount("type=bind,src=/a,dst=//x", "/", &list, &err), -EINVAL);
	assert_int_equal(volumes_parse("a:/x:ro", "/", &list, &err), -EINVAL);
	assert_int_equal(volumes_parse("a:/y", "/", &list, &err), 0);
	assert_int_equal(list.n, 2);
	free_mounts(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_volume),
		cmocka_unit_test(test_mount),
		cmocka_unit_test(test_tmpfs),
		cmocka_unit_test(test_duplicates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
