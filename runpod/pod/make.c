/*
 * make: from a spec to a record. Everything that can be known before anything
 * runs is found out here: the image and its configuration, the donors of
 * namespaces, the sources of mounts; so that an error costs nothing.
 *
 * Rule: whoever takes a name has made its directory before, and writes the record
 * last (names.h): a command killed half-way leaves nothing that jams a name.
 * Lessons 16 and 20.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/failpoint.h"
#include "base/io.h"
#include "base/num.h"
#include "pod/actions.h"
#include "pod/client.h"
#include "pod/depend.h"
#include "pod/events.h"
#include "pod/merge.h"
#include "pod/pod.h"
#include "spec/check.h"
#include "spec/fields.h"
#include "spec/security_opt.h"
#include "store/lock.h"

/* Makes the directory of a container, takes its id and name, writes its record. */
static int enter_ctr(const struct store *store, struct ctr_record *ctr, struct err *err)
{
	cleanup_free char *directory = text_format("pods/%s/ctr/%s", ctr->pod_id, ctr->id);
	struct name_ref ref = { .kind = NAME_CTR };
	int code = io_make_dirs(store->root_fd, directory, 0700, err);

	strcpy(ref.pod_id, ctr->pod_id);
	strcpy(ref.ctr_id, ctr->id);
	if (!code)
		code = name_take(store, ctr->spec.name, &ref, err);
	if (code) {
		record_remove_ctr(store, ctr->pod_id, ctr->id, NULL);
		return code;
	}
	code = name_take(store, ctr->id, &ref, err);
	if (!code)
		code = failpoint("record", err);
	if (!code)
		code = depend_note(store, ctr, err);
	if (!code)
		code = record_write_ctr(store, ctr, err);
	if (code) {
		name_release(store, ctr->spec.name);
		name_release(store, ctr->id);
		record_remove_ctr(store, ctr->pod_id, ctr->id, NULL);
	} else {
		events_ctr(store, ctr, "create");
	}
	return code;
}

/* The record of the pod's infra: pause, with the pod's name and "-infra". */
static void fill_infra(const struct pod_record *pod, struct ctr_record *infra)
{
	*infra = (struct ctr_record){ .id = text_dup(pod->infra_id),
				      .pod_id = text_dup(pod->id),
				      .created = pod->created,
				      .infra = true,
				      .builtin = text_dup("pause"),
				      .image_name = text_dup("localhost/pause:latest"),
				      .stop_signal = text_dup("SIGTERM") };
	infra->spec.name =
		pod->spec.infra_name ? text_dup(pod->spec.infra_name) : text_format("%.12s-infra", pod->id);
	infra->spec.image = text_dup("pause");
	infra->spec.stop_timeout = -1;
	if (pod->spec.infra_command.n)
		strv_copy(&infra->args, &pod->spec.infra_command);
	else
		strv_add(&infra->args, "/pause");
}

static int enter_infra(const struct store *store, const struct pod_record *pod, struct err *err)
{
	struct ctr_record infra;
	int code;

	if (!pod->infra_id)
		return 0;
	fill_infra(pod, &infra);
	code = enter_ctr(store, &infra, err);
	ctr_record_free(&infra);
	return code;
}

/* The same for a pod. A hidden one has an id only. */
static int enter_pod(const struct store *store, const struct pod_record *pod, struct err *err)
{
	cleanup_free char *directory = text_format("pods/%s/ctr", pod->id);
	struct name_ref ref = { .kind = NAME_POD };
	int code = io_make_dirs(store->root_fd, directory, 0700, err);

	strcpy(ref.pod_id, pod->id);
	if (!code && !pod->spec.hidden)
		code = name_take(store, pod->spec.name, &ref, err);
	if (code) {
		record_remove_pod(store, pod->id, NULL);
		return code;
	}
	code = name_take(store, pod->id, &ref, err);
	if (!code)
		code = failpoint("pod-record", err);
	if (!code)
		code = enter_infra(store, pod, err);
	if (!code)
		code = record_write_pod(store, pod, err);
	if (code)
		remove_pod_files(store, pod->id, NULL);
	else
		events_pod(store, pod, "create");
	return code;
}

/* --replace: whoever has the name goes first. */
static int replace_pod(const struct store *store, const char *name, struct err *err)
{
	struct name_ref ref;

	return name_find(store, NAME_POD, name, &ref, NULL) ? 0 : pod_remove(store, ref.pod_id, true, 0, err);
}

static int replace_ctr(const struct store *store, const char *name, struct err *err)
{
	struct name_ref ref;

	return name_find(store, NAME_CTR, name, &ref, NULL)
		       ? 0
		       : ctr_remove(store, &ref, true, false, true, 0, err);
}

/* Pasta is an ordinary user's way out: it enters the pod by the user namespace, and root's pods have none. */
static int check_net(const struct store *store, const struct ns_choice *net, struct err *err)
{
	if (store->rootless || !text_equal(net->mode, "pasta"))
		return 0;
	return err_hint(err, err_set(err, 0, "pasta networking is only supported for rootless mode"),
			"root's pods have bridge, which is the default");
}

static void fill_pod(const struct store *store, const struct pod_spec *spec,
		     const struct strv *create_command, struct pod_record *pod)
{
	char id[65];

	pod->created = clock_wall();
	fields_copy(&pod_spec_shape, spec, &pod->spec);
	if (create_command)
		strv_copy(&pod->create_command, create_command);
	if (!pod->spec.name)
		pod->spec.name = name_random(store);
	id_random(id);
	pod->id = text_dup(id);
	if (spec->no_infra)
		return;
	id_random(id);
	pod->infra_id = text_dup(id);
}

/* Makes the pod and keeps its lock: whoever finds one that is not whole, and can lock it, knows that its
 * maker was killed (remove_abandoned). Returns the lock's descriptor or -errno. */
static int make_locked(const struct store *store, const struct pod_spec *spec,
		       const struct strv *create_command, char *ret_id, struct err *err)
{
	struct pod_record pod = { 0 };
	cleanup_fd int lock = -1;
	int code;

	fill_pod(store, spec, create_command, &pod);
	strcpy(ret_id, pod.id);
	code = resolve_mounts(store, &pod.spec.mounts, NULL, err);
	if (!code)
		code = lock = lock_pod(store, pod.id, 30000, err);
	if (code >= 0)
		code = enter_pod(store, &pod, err);
	pod_record_free(&pod);
	return code ? code : take_fd(&lock);
}

int pod_make(const struct store *store, const struct pod_spec *spec, const struct strv *create_command,
	     bool replace, char *ret_id, struct err *err)
{
	cleanup_fd int lock = -1;
	int code = spec->name ? name_check(spec->name, err) : 0;

	if (!code)
		code = check_net(store, &spec->net, err);
	if (!code && replace && spec->name)
		code = replace_pod(store, spec->name, err);
	if (!code)
		code = lock = make_locked(store, spec, create_command, ret_id, err);
	return code < 0 ? code : 0;
}

/* The pod around a container that was asked for without one. */
static int make_hidden_pod(const struct store *store, const struct ctr_spec *ctr, char *ret_id,
			   struct err *err)
{
	struct pod_spec spec = {
		.hidden = true, .no_infra = true, .name = ctr->name, .cgroup_parent = ctr->cgroup_parent
	};

	return make_locked(store, &spec, NULL, ret_id, err);
}

static int fill_ctr(const struct store *store, const struct ctr_spec *spec, const struct strv *create_command,
		    struct ctr_record *ctr, struct err *err)
{
	char id[65];
	int code;

	id_random(id);
	ctr->id = text_dup(id);
	ctr->created = clock_wall();
	if (create_command)
		strv_copy(&ctr->create_command, create_command);
	fields_copy(&ctr_spec_shape, spec, &ctr->spec);
	if (!ctr->spec.name)
		ctr->spec.name = name_random(store);
	code = name_check(ctr->spec.name, err);
	if (!code)
		code = check_net(store, &spec->net, err);
	if (!code)
		code = check_words(spec, err);
	if (!code)
		code = merge_image(store, ctr, err);
	if (!code)
		code = resolve_donors(store, ctr, err);
	return code ? code : resolve_mounts(store, &ctr->spec.mounts, ctr, err);
}

/* Podman's init containers run when their pod starts, so one that comes later never would. */
static int check_init(const struct store *store, const char *pod_id, const struct ctr_spec *ctr,
		      struct err *err)
{
	bool podmans = text_equal(ctr->init_ctr, "once") || text_equal(ctr->init_ctr, "always");

	return podmans && pod_has_process(store, pod_id)
		       ? err_set(err, 0, "cannot add init-ctr to a running pod")
		       : 0;
}

/* What the pod has for all its containers becomes the container's. Returns the pod's lock or -errno. */
static int join_pod(const struct store *store, const char *pod_id, struct ctr_record *ctr, struct err *err)
{
	struct pod_record pod = { 0 };
	int code = record_read_pod(store, pod_id, &pod, err);

	if (!code)
		code = check_member(&ctr->spec, &pod.spec, err);
	if (!code)
		code = check_init(store, pod_id, &ctr->spec, err);
	for (size_t i = 0; !code && i < pod.spec.security_opt.n; i++)
		code = security_opt_parse(pod.spec.security_opt.v[i], &ctr->spec, err);
	strv_copy(&ctr->spec.devices, &pod.spec.devices);
	pod_record_free(&pod);
	return code ? code : lock_pod(store, pod_id, 30000, err);
}

int ctr_make(const struct store *store, const struct ctr_spec *spec, const char *pod_id,
	     const struct strv *create_command, bool replace, struct name_ref *ret_ref, struct err *err)
{
	struct ctr_record ctr = { .hidden_pod = !pod_id };
	cleanup_fd int lock = -1;
	char hidden[65] = "";
	int code = replace && spec->name ? replace_ctr(store, spec->name, err) : 0;

	if (!code)
		code = fill_ctr(store, spec, create_command, &ctr, err);
	if (!code)
		code = depend_resolve(store, &ctr.spec, pod_id, err);
	if (!code)
		code = lock = pod_id ? join_pod(store, pod_id, &ctr, err)
				     : make_hidden_pod(store, &ctr.spec, hidden, err);
	if (code >= 0) {
		ctr.pod_id = text_dup(pod_id ? pod_id : hidden);
		code = enter_ctr(store, &ctr, err);
	}
	if (!code) {
		*ret_ref = (struct name_ref){ .kind = NAME_CTR };
		strcpy(ret_ref->pod_id, ctr.pod_id);
		strcpy(ret_ref->ctr_id, ctr.id);
	} else if (hidden[0]) {
		remove_pod_files(store, hidden, NULL);
	}
	if (code)
		remove_anonymous_volumes(store, &ctr);
	ctr_record_free(&ctr);
	return code;
}
