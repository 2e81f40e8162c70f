/*
 * hosts: the text of /etc/hosts and /etc/resolv.conf. The pod has one of each,
 * in infra's root; a container without a pod has its own. Lesson 16.
 *
 * The forms are those of hosts(5) and resolv.conf(5).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "pod/prepare.h"

static const struct name_service *names_of(const struct ctr *ctr)
{
	return ctr->record.infra ? &ctr->pod->record.spec.names : &ctr->record.spec.names;
}

/* --add-host NAME:IP */
static void added_hosts(struct buf *text, const struct name_service *names)
{
	for (size_t i = 0; i < names->hosts.n; i++) {
		const char *colon = strchr(names->hosts.v[i], ':');

		if (colon)
			buf_format(text, "%s\t%.*s\n", colon + 1, (int)(colon - names->hosts.v[i]),
				   names->hosts.v[i]);
	}
}

/* In the host's network, the host's own names hold. */
static void host_names(struct buf *text)
{
	struct buf file = { 0 };

	if (!io_read_file(AT_FDCWD, "/etc/hosts", 1 << 20, &file, NULL))
		buf_format(text, "%s%s", file.data, file.len && file.data[file.len - 1] != '\n' ? "\n" : "");
	buf_free(&file);
}

char *hosts_text(const struct ctr *ctr)
{
	const struct pod *pod = ctr->pod;
	const char *infra_name = ctr->record.infra ? ctr->record.spec.name : NULL;
	const char *hostname = ctr->record.infra ? (pod->record.spec.hostname ? pod->record.spec.hostname
									      : pod->record.spec.name)
						 : ctr->record.spec.hostname;
	struct buf text = { 0 };

	struct ns_parts parts;

	plan_namespaces(&pod->record, &ctr->record, &parts);
	added_hosts(&text, names_of(ctr));
	if (parts.net.source == NS_HOST)
		host_names(&text);
	else
		buf_text(
			&text,
			"127.0.0.1\tlocalhost localhost.localdomain\n::1\tlocalhost localhost.localdomain\n");
	if (ctr->ip[0]) /* a container without a hostname is called by its short id */
		buf_format(&text, "%s\t%.*s %s\n", ctr->ip, hostname ? (int)strlen(hostname) : 12,
			   hostname ? hostname : ctr->record.id,
			   infra_name ? infra_name : ctr->record.spec.name);
	for (const struct ctr *other = pod->ctrs; other; other = other->next)
		if (ctr->record.infra && !other->record.infra && other->record.spec.name)
			buf_format(&text, "127.0.0.1\t%s\n", other->record.spec.name);
	return text.data;
}

void hosts_refresh(struct pod *pod)
{
	struct ctr *infra = pod_infra(pod);
	cleanup_free char *path = NULL, *text = NULL;
	cleanup_fd int fd = -1;

	if (!infra || !ctr_running(infra))
		return;
	path = text_format("/proc/%d/root/etc/hosts", infra->main.pid);
	text = hosts_text(infra);
	fd = open(path, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		io_write_all(fd, text, strlen(text));
}

/* The host's own lines; those that point at a resolver on the host's lo are of no use in another network. */
static void host_resolv(struct buf *text, bool own_network, bool servers, bool search)
{
	struct buf file = { 0 };

	if (!io_read_file(AT_FDCWD, "/etc/resolv.conf", 1 << 16, &file, NULL))
		for (char *line = strtok(file.data, "\n"); line; line = strtok(NULL, "\n")) {
			bool server = text_starts(line, "nameserver"),
			     local = strstr(line, " 127.") || strstr(line, " ::1");

			if (server ? servers && !(own_network && local)
				   : search && (text_starts(line, "search") || text_starts(line, "options")))
				buf_format(text, "%s\n", line);
		}
	buf_free(&file);
}

char *resolv_text(const struct ctr *ctr, bool own_network)
{
	const struct name_service *names = names_of(ctr);
	struct buf text = { 0 };

	buf_text(&text, "");
	if (names->search.n) {
		cleanup_free char *search = strv_join(&names->search, " ");

		buf_format(&text, "search %s\n", search);
	}
	host_resolv(&text, own_network, !names->servers.n, !names->search.n);
	for (size_t i = 0; i < names->servers.n; i++)
		buf_format(&text, "nameserver %s\n", names->servers.v[i]);
	if (names->options.n) {
		cleanup_free char *options = strv_join(&names->options, " ");

		buf_format(&text, "options %s\n", options);
	}
	return text.data;
}
