/*
 * credentials: users looked up in the container, and becoming one; credentials.h
 * tells the rules.
 *
 * passwd(5) and group(5) are lines of fields separated by ':'. The files are the
 * image's, so they are opened inside its root and read as untrusted text: a line
 * that does not parse holds nobody. Lesson 18.
 */
#include "kern/credentials.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "kern/explain.h"
#include "kern/sys.h"

#define ID_MAX	   4294967294u /* 4294967295 is (uid_t)-1, "leave as it is" to setresuid(2) */
#define FILE_MAX   (4u << 20)  /* bytes of passwd or group that we are willing to read */
#define GROUPS_MAX 65536u      /* what setgroups(2) takes: NGROUPS_MAX */

/* Reads a file below root; one that is missing, or no file, is empty text. */
static int read_database(int root, const char *path, struct buf *ret_text, struct err *err)
{
	cleanup_fd int fd = sys_openat2(root, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0,
					RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
	struct stat found;
	int code;

	buf_text(ret_text, "");
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return err_set(err, -fd, "open the container's %s", path);
	if (fstat(fd, &found) < 0 || !S_ISREG(found.st_mode)) /* a pipe would hold us up for ever */
		return err_set(err, 0, "the container's %s is not a file", path);
	code = io_read_all(fd, FILE_MAX, ret_text);
	return code < 0 ? err_set(err, -code, "read the container's %s", path) : 0;
}

/* Takes the next line off *text and cuts it into count fields; false at the end. Too few: the
 * rest are empty; too many: the last one holds the remainder. */
static bool next_entry(char **text, char **fields, size_t count)
{
	char *line = *text;
	size_t i = 0;

	if (!line || !*line)
		return false;
	*text = strchr(line, '\n');
	if (*text)
		*(*text)++ = '\0';
	for (; i < count; i++) {
		char *colon = i + 1 < count ? strchr(line, ':') : NULL;

		fields[i] = line;
		if (colon)
			*colon = '\0';
		line = colon ? colon + 1 : line + strlen(line);
	}
	return true;
}

static bool parse_id(const char *text, uint32_t *ret_id)
{
	uint64_t number;

	if (num_u64(text, ID_MAX, &number) < 0)
		return false;
	*ret_id = (uint32_t)number;
	return true;
}

/* What is not a number is a name; but a name that could pass for one to someone else is neither. */
static bool is_name(const char *text)
{
	return *text && !strchr("0123456789+-", *text) && !strpbrk(text, ": \t\n\r\v\f/");
}

/* The passwd entry of that name, or with name NULL of that uid. */
static bool find_user(const char *passwd, const char *name, struct credentials *who)
{
	cleanup_free char *copy = text_dup(passwd);
	char *rest = copy, *field[7];
	uint32_t uid, gid;

	while (next_entry(&rest, field, 7)) {
		if (!parse_id(field[2], &uid) || !parse_id(field[3], &gid))
			continue;
		if (name ? strcmp(field[0], name) != 0 : uid != who->uid)
			continue;
		who->uid = uid;
		who->gid = gid;
		text_replace(&who->name, text_dup(field[0]));
		text_replace(&who->home, text_dup(field[5][0] == '/' ? field[5] : "/"));
		return true;
	}
	return false;
}

static bool find_group(const char *groups, const char *name, gid_t *ret_gid)
{
	cleanup_free char *copy = text_dup(groups);
	char *rest = copy, *field[4];

	while (next_entry(&rest, field, 4))
		if (!strcmp(field[0], name) && parse_id(field[2], ret_gid))
			return true;
	return false;
}

static void add_group(struct credentials *who, gid_t gid)
{
	for (size_t i = 0; i < who->n_groups; i++)
		if (who->groups[i] == gid)
			return;
	if (gid == who->gid || who->n_groups == GROUPS_MAX)
		return;
	who->groups = mem_realloc(who->groups, (who->n_groups + 1) * sizeof(gid_t));
	who->groups[who->n_groups++] = gid;
}

/* Adds the groups that list the user's name among their members. */
static void add_memberships(const char *groups, struct credentials *who)
{
	cleanup_free char *copy = text_dup(groups);
	char *rest = copy, *field[4], *place;
	gid_t gid;

	while (who->name && next_entry(&rest, field, 4))
		for (char *one = strtok_r(field[3], ",", &place); one; one = strtok_r(NULL, ",", &place))
			if (!strcmp(one, who->name) && parse_id(field[2], &gid))
				add_group(who, gid);
}

/* A group as people write it, into *ret_gid. */
static int resolve_group(const char *groups, const char *text, gid_t *ret_gid, struct err *err)
{
	if (parse_id(text, ret_gid))
		return 0;
	if (!is_name(text))
		return err_set(err, 0, "invalid group \"%s\"", text);
	if (find_group(groups, text, ret_gid))
		return 0;
	err_set(err, 0, "unable to find group %s", text);
	return err_hint(err, -ENOENT, "no entry in the container's /etc/group");
}

static int resolve_user(const char *passwd, const char *text, struct credentials *who, struct err *err)
{
	if (parse_id(text, &who->uid)) {
		find_user(passwd, NULL, who); /* a number needs no entry */
		return 0;
	}
	if (!is_name(text))
		return err_set(err, 0, "invalid user \"%s\"", text);
	if (find_user(passwd, text, who))
		return 0;
	err_set(err, 0, "unable to find user %s", text);
	return err_hint(err, -ENOENT, "no entry in the container's /etc/passwd");
}

int credentials_find(int root, const char *spec, const struct strv *group_add, struct credentials *ret_who,
		     struct err *err)
{
	cleanup_free char *user = text_dup(spec && *spec ? spec : "0");
	char *group = strchr(user, ':');
	struct buf passwd = { 0 }, groups = { 0 };
	int code;

	*ret_who = (struct credentials){ .home = text_dup("/"), .groups_asked = group_add && group_add->n };
	if (group)
		*group++ = '\0';
	code = read_database(root, "/etc/passwd", &passwd, err);
	if (code == 0)
		code = read_database(root, "/etc/group", &groups, err);
	if (code == 0)
		code = resolve_user(passwd.data, user, ret_who, err);
	/* with a group given, the others are not the user's any more (as docker and podman have it) */
	if (code == 0 && group)
		code = resolve_group(groups.data, group, &ret_who->gid, err);
	else if (code == 0)
		add_memberships(groups.data, ret_who);
	for (size_t i = 0; code == 0 && group_add && i < group_add->n; i++) {
		gid_t gid;

		code = resolve_group(groups.data, group_add->v[i], &gid, err);
		if (code == 0)
			add_group(ret_who, gid);
	}
	buf_free(&passwd);
	buf_free(&groups);
	return code;
}

void credentials_free(struct credentials *who)
{
	free(who->groups);
	free(who->name);
	free(who->home);
	*who = (struct credentials){ 0 };
}

/* Whether an EPERM of setgroups(2) means that this user namespace has given it up: so it is where we have the
 * capability for it (user_namespaces(7)). /proc/self/setgroups says the same, but infra's root has no /proc. */
static bool setgroups_denied(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	return !syscall(SYS_capget, &header, data) && (data[0].effective & (1u << CAP_SETGID));
}

int credentials_apply(const struct credentials *who, struct err *err)
{
	int code = setgroups(who->n_groups, who->groups) < 0 ? -errno : 0;

	/* DOC: groups-before-user */
	explain_call(code, "groups first", 18, "setgroups(%zu)", who->n_groups);
	if (code == -EPERM && !who->groups_asked && setgroups_denied())
		code = 0;
	if (code < 0)
		goto failed;
	code = setresgid(who->gid, who->gid, who->gid) < 0 ? -errno : 0;
	if (explain_call(code, "then the group", 18, "setresgid(%u)", who->gid) < 0)
		goto failed;
	code = setresuid(who->uid, who->uid, who->uid) < 0 ? -errno : 0;
	if (explain_call(code, "the user last: it gives the rest away", 18, "setresuid(%u)", who->uid) < 0)
		goto failed;
	return 0;
failed:
	err_set(err, -code, "become user %u, group %u with %zu more groups", who->uid, who->gid,
		who->n_groups);
	if (code == -EINVAL)
		err_hint(err, code, "the user namespace maps no such id: see /etc/subuid and /etc/subgid");
	if (code == -EPERM && who->n_groups)
		err_hint(err, code,
			 "this user namespace denies setgroups: it needs newgidmap and /etc/subgid");
	return code;
}
