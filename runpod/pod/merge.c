/*
 * merge: the rules by which an image's configuration and the command line become
 * one; docker's, which podman and Kubernetes follow: --entrypoint replaces
 * ENTRYPOINT and forgets CMD, a command replaces CMD, -e comes after ENV.
 */
#include "pod/merge.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/rlimit.h"
#include "pod/zone.h"
#include "spec/fields.h"
#include "spec/ports.h"
#include "spec/signals.h"
#include "store/image.h"
#include "store/image_name.h"
#include "store/names.h"
#include "store/volume.h"

#define DEFAULT_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static int merge_args(struct ctr_record *ctr, const struct image_config *image, struct err *err)
{
	const struct ctr_spec *spec = &ctr->spec;

	strv_copy(&ctr->args, spec->entrypoint_set ? &spec->entrypoint : &image->entrypoint);
	if (spec->command.n)
		strv_copy(&ctr->args, &spec->command);
	else if (!spec->entrypoint_set)
		strv_copy(&ctr->args, &image->cmd);
	if (ctr->args.n)
		return 0;
	return err_set(err, 0, "no command or entrypoint provided, and no CMD or ENTRYPOINT from image");
}

/* What a container gets unasked: ours, and the image's. */
static void default_env(struct ctr_record *ctr, const struct image_config *image)
{
	strv_add(&ctr->env, DEFAULT_PATH);
	strv_addf(&ctr->env, "container=%s", program_invocation_short_name);
	if (ctr->spec.tty)
		strv_add(&ctr->env, "TERM=xterm");
	for (size_t i = 0; i < image->env.n; i++)
		if (strchr(image->env.v[i],
			   '=')) /* a bare name would mean the caller's: images do not get that */
			strv_set(&ctr->env, image->env.v[i]);
}

/* Takes the line of that name out of all. */
static void drop_name(struct strv *all, const char *name)
{
	struct strv kept = { 0 };
	size_t length = strlen(name);

	for (size_t i = 0; i < all->n; i++)
		if (strncmp(all->v[i], name, length) || all->v[i][length] != '=')
			strv_add(&kept, all->v[i]);
	strv_free(all);
	*all = kept;
}

static void merge_env(struct ctr_record *ctr, const struct image_config *image)
{
	if (!ctr->spec.env_clear)
		default_env(ctr, image);
	for (size_t i = 0; i < ctr->spec.env_unset.n; i++)
		drop_name(&ctr->env, ctr->spec.env_unset.v[i]);
	for (size_t i = 0; i < ctr->spec.env.n; i++)
		strv_set(&ctr->env, ctr->spec.env.v[i]);
}

static int merge_signal(struct ctr_record *ctr, const struct image_config *image, struct err *err)
{
	const char *text = ctr->spec.stop_signal ? ctr->spec.stop_signal : image->stop_signal;
	int number = text ? signal_parse(text, err) : SIGTERM;
	char name[SIGNAL_NAME_SIZE];

	if (number < 0)
		return number;
	ctr->stop_signal = text_dup(signal_name(number, name));
	return 0;
}

/* VOLUME of the image: an anonymous volume, unless the user mounts something there. */
static void merge_volumes(struct ctr_record *ctr, const struct image_config *image)
{
	for (size_t i = 0; i < image->volumes.n; i++) {
		struct mount_spec *mount;
		bool there = false;

		for (size_t j = 0; j < ctr->spec.mounts.n; j++)
			there = there || text_equal(ctr->spec.mounts.v[j].target, image->volumes.v[i]);
		if (there)
			continue;
		mount = fields_append(&mount_spec_shape, &ctr->spec.mounts);
		mount->type = text_dup("volume");
		mount->target = text_dup(image->volumes.v[i]);
	}
}

/* One exposed port, on a port of the host that the kernel chooses, unless the user publishes it anyway. */
static int publish_one(struct ctr_spec *spec, const char *text, struct err *err)
{
	struct ctr_spec wanted = { 0 };
	const struct port_map *port;
	int code = ports_parse(text, &wanted.ports, err);
	bool there = false;

	for (size_t i = 0; !code && i < spec->ports.n; i++) {
		port = &spec->ports.v[i];
		there = there || (port->ctr_port == wanted.ports.v[0].ctr_port &&
				  text_equal(port->protocol, wanted.ports.v[0].protocol));
	}
	fields_free(&ctr_spec_shape, &wanted);
	return code || there ? code : ports_parse(text, &spec->ports, err);
}

/* --publish-all */
static int merge_ports(struct ctr_record *ctr, const struct image_config *image, struct err *err)
{
	int code = 0;

	/* without a network of its own there is nothing to publish, as with -p */
	if (!ctr->spec.publish_all || text_equal(ctr->spec.net.mode, "host") ||
	    text_equal(ctr->spec.net.mode, "container"))
		return 0;
	for (size_t i = 0; !code && i < image->exposed_ports.n; i++)
		code = publish_one(&ctr->spec, image->exposed_ports.v[i], err);
	for (size_t i = 0; !code && i < ctr->spec.expose.n; i++)
		code = publish_one(&ctr->spec, ctr->spec.expose.v[i], err);
	return code;
}

/* ":GROUP" (a manifest's runAsGroup alone) is the image's user in another group. */
static char *merge_user(const char *user, const char *of_image)
{
	if (!user || *user != ':')
		return text_dup(user ? user : of_image);
	if (!*of_image)
		return text_format("0%s", user);
	return text_format("%.*s%s", (int)strcspn(of_image, ":"), of_image, user);
}

static int merge_config(struct ctr_record *ctr, const struct image_config *image, struct err *err)
{
	int code = merge_args(ctr, image, err);

	if (!code)
		code = merge_signal(ctr, image, err);
	if (!code)
		code = merge_ports(ctr, image, err);
	if (code)
		return code;
	merge_env(ctr, image);
	merge_volumes(ctr, image);
	ctr->user = merge_user(ctr->spec.user, image->user ? image->user : "");
	ctr->workdir = text_dup(ctr->spec.workdir			    ? ctr->spec.workdir
				: image->working_dir && *image->working_dir ? image->working_dir
									    : "/");
	return 0;
}

/* Of an image's names the one that was typed; one that was typed by its id goes by its first. */
static const char *name_meant(const struct image *image, const char *typed)
{
	cleanup_free char *full = NULL;

	if (!image_name_complete(typed, &full, NULL))
		for (size_t i = 0; i < image->names.n; i++)
			if (!strcmp(image->names.v[i], full))
				return image->names.v[i];
	for (size_t i = 0; i < image->names.n; i++)
		if (image_name_fits(image->names.v[i], typed))
			return image->names.v[i];
	return image->names.n ? image->names.v[0] : image->id;
}

int merge_image(const struct store *store, struct ctr_record *ctr, struct err *err)
{
	static const struct image_config nothing;
	struct image image = { 0 };
	int code;

	if (ctr->spec.rootfs) {
		if (access(ctr->spec.rootfs, F_OK))
			return err_set(err, errno, "use %s as root", ctr->spec.rootfs);
		return merge_config(ctr, &nothing, err);
	}
	code = image_find(store, ctr->spec.image, &image, err);
	if (code == -ENOENT)
		err_hint(err, code, "see `%s images`; `%s import FILE.tar NAME` makes one",
			 program_invocation_short_name, program_invocation_short_name);
	if (!code)
		code = merge_config(ctr, &image.config, err);
	if (!code) {
		ctr->image_id = text_dup(image.id);
		ctr->image_name = text_dup(name_meant(&image, ctr->spec.image));
		ctr->builtin = text_dup(image.builtin);
		image_layers(store, &image, &ctr->layers);
	}
	image_free(&image);
	return code;
}

/* One donor. kind: for the error texts. */
static int find_donor(const struct store *store, const struct ns_choice *choice, const char *kind,
		      char **ret_id, struct err *err)
{
	struct ctr_record donor = { 0 };
	struct name_ref ref;
	int code;

	if (!text_equal(choice->mode, "container"))
		return 0;
	code = name_find(store, NAME_CTR, choice->arg, &ref, err);
	if (!code)
		code = record_read_ctr(store, ref.pod_id, ref.ctr_id, &donor, err);
	if (!code && !strcmp(kind, "ipc") &&
	    (text_equal(donor.spec.ipc.mode, "private") || text_equal(donor.spec.ipc.mode, "none")))
		code = err_set(err, 0,
			       "joining the ipc namespace of container %s is not allowed: non-shareable IPC "
			       "(hint: use IpcMode:shareable for the donor container)",
			       ref.ctr_id);
	ctr_record_free(&donor);
	if (!code)
		*ret_id = text_dup(ref.ctr_id);
	return code;
}

int resolve_donors(const struct store *store, struct ctr_record *ctr, struct err *err)
{
	int code = find_donor(store, &ctr->spec.net, "net", &ctr->net_donor, err);

	if (!code)
		code = find_donor(store, &ctr->spec.ipc, "ipc", &ctr->ipc_donor, err);
	if (!code)
		code = find_donor(store, &ctr->spec.pid, "pid", &ctr->pid_donor, err);
	if (!code)
		code = find_donor(store, &ctr->spec.uts, "uts", &ctr->uts_donor, err);
	return code ? code : find_donor(store, &ctr->spec.cgroupns, "cgroup", &ctr->cgroup_donor, err);
}

int check_words(const struct ctr_spec *spec, struct err *err)
{
	struct rlimit_setting limit;
	int code = 0;

	for (size_t i = 0; !code && i < spec->ulimits.n; i++)
		code = rlimit_parse(spec->ulimits.v[i], &limit, err);
	if (!code && spec->timezone) {
		cleanup_fd int zone = zone_open(spec->timezone, err);

		code = zone < 0 && zone != -ENOENT ? zone : 0;
	}
	return code;
}
