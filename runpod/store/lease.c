/*
 * lease: addresses held by symbolic links; lease.h tells the idea.
 *
 * Lives by symlink(2): never replaces what is there. Lesson 17.
 */
#include "store/lease.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"

#define LEASE_DIRECTORY "net"

int subnet_parse(const char *text, struct subnet *ret_subnet, struct err *err)
{
	const char *slash = strchr(text, '/');
	cleanup_free char *ip = text_ndup(text, slash ? (size_t)(slash - text) : 0);
	uint64_t prefix;
	uint32_t base = 0;

	if (!slash || num_u64(slash + 1, 32, &prefix) || subnet_address(ip, &base, NULL))
		return err_set(err, 0, "subnet \"%s\" is not of the form 10.88.0.0/16", text);
	if (prefix < 8 || prefix > 30)
		return err_set(err, 0, "subnet \"%s\": the prefix must be from 8 to 30", text);
	if (base & (~UINT32_C(0) >> prefix))
		return err_set(err, 0, "subnet \"%s\": bits are set behind the prefix", text);
	*ret_subnet = (struct subnet){ .base = base, .prefix = (unsigned)prefix };
	return 0;
}

uint32_t subnet_gateway(const struct subnet *subnet)
{
	return subnet->base + 1;
}

void subnet_text(uint32_t address, char ret_ip[LEASE_IP_MAX])
{
	struct in_addr wire = { .s_addr = htonl(address) };

	inet_ntop(AF_INET, &wire, ret_ip, LEASE_IP_MAX);
}

int subnet_address(const char *ip, uint32_t *ret_address, struct err *err)
{
	struct in_addr wire;

	if (inet_pton(AF_INET, ip, &wire) != 1)
		return err_set(err, 0, "\"%s\" is not an IPv4 address", ip);
	*ret_address = ntohl(wire.s_addr);
	return 0;
}

/* Opens the directory of the leases. Returns a descriptor or -errno (-ENOENT: no lease was ever made). */
static int open_directory(int run_dir, bool make, struct err *err)
{
	if (make && mkdirat(run_dir, LEASE_DIRECTORY, 0700) < 0 && errno != EEXIST)
		return err_set(err, errno, "make directory %s in the run directory", LEASE_DIRECTORY);
	return io_open(run_dir, LEASE_DIRECTORY, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, err);
}

/* Reads who has the address. Returns 0 or -errno (-ENOENT: nobody). */
static int read_owner(int directory, const char *ip, char ret_id[LEASE_ID_MAX])
{
	ssize_t length = readlinkat(directory, ip, ret_id, LEASE_ID_MAX - 1);

	if (length < 0)
		return -errno;
	ret_id[length] = '\0';
	return 0;
}

struct wanted {
	const char *pod_id; /* whose lease is looked for */
	char *ip;	    /* where its address goes */
};

static int visit_wanted(const char *ip, const char *pod_id, void *arg)
{
	struct wanted *wanted = arg;

	if (strcmp(pod_id, wanted->pod_id))
		return 0;
	snprintf(wanted->ip, LEASE_IP_MAX, "%s", ip);
	return 1;
}

int lease_take(int run_dir, const struct subnet *subnet, const char *pod_id, char ret_ip[LEASE_IP_MAX],
	       struct err *err)
{
	uint32_t last =
		(subnet->base | (~UINT32_C(0) >> subnet->prefix)) - 1; /* the very last one means all */
	cleanup_fd int directory = open_directory(run_dir, true, err);
	struct wanted wanted = { .pod_id = pod_id, .ip = ret_ip };
	int found;

	if (directory < 0)
		return directory;
	if (!pod_id[0] || strlen(pod_id) >= LEASE_ID_MAX)
		return err_set(err, EINVAL, "lease an address for \"%s\"", pod_id);
	found = lease_each(run_dir, visit_wanted, &wanted, err);
	if (found)
		return found < 0 ? found : 0;
	for (uint32_t address = subnet_gateway(subnet) + 1; address <= last; address++) {
		subnet_text(address, ret_ip);
		/* DOC: lease-symlink */
		if (!symlinkat(pod_id, directory, ret_ip))
			return 0;
		if (errno != EEXIST)
			return err_set(err, errno, "lease address %s", ret_ip);
	}
	err_set(err, EADDRNOTAVAIL, "lease an address");
	return err_hint(err, -EADDRNOTAVAIL, "every address of the subnet is taken; remove some pods");
}

int lease_release(int run_dir, const char *ip, const char *pod_id, struct err *err)
{
	cleanup_fd int directory = open_directory(run_dir, false, err);
	char owner[LEASE_ID_MAX];
	uint32_t address;
	int code;

	if (directory < 0)
		return directory == -ENOENT ? 0 : directory;
	if (subnet_address(ip, &address, err)) /* a name from a record goes no further than this directory */
		return -EINVAL;
	code = read_owner(directory, ip, owner);
	if (code)
		return code == -ENOENT ? 0 : err_set(err, -code, "read the lease of %s", ip);
	if (strcmp(owner, pod_id))
		return 0;
	if (unlinkat(directory, ip, 0) < 0 && errno != ENOENT)
		return err_set(err, errno, "give address %s back", ip);
	return 0;
}

int lease_each(int run_dir, int (*visit)(const char *ip, const char *pod_id, void *arg), void *arg,
	       struct err *err)
{
	int directory = open_directory(run_dir, false, err), code = 0;
	char owner[LEASE_ID_MAX];
	struct dirent *entry;
	uint32_t address;
	DIR *entries;

	if (directory < 0)
		return directory == -ENOENT ? 0 : directory;
	entries = fdopendir(directory);
	if (!entries) {
		code = err_set(err, errno, "list leases");
		close(directory);
		return code;
	}
	while (!code && (entry = readdir(entries))) {
		if (subnet_address(entry->d_name, &address, NULL)) /* ".", "..", the lock */
			continue;
		if (!read_owner(dirfd(entries), entry->d_name, owner)) /* else gone since */
			code = visit(entry->d_name, owner, arg);
	}
	closedir(entries);
	return code;
}

struct reclaim {
	int run_dir;				      /* where the leases are */
	bool (*alive)(const char *pod_id, void *arg); /* the caller's question */
	void *arg;				      /* and its argument */
	struct err *err;
	int left; /* leases of living pods */
};

static int visit_reclaim(const char *ip, const char *pod_id, void *arg)
{
	struct reclaim *reclaim = arg;

	if (!reclaim->alive(pod_id, reclaim->arg))
		return lease_release(reclaim->run_dir, ip, pod_id, reclaim->err);
	reclaim->left++;
	return 0;
}

int lease_reclaim(int run_dir, bool (*alive)(const char *pod_id, void *arg), void *arg, struct err *err)
{
	struct reclaim reclaim = { .run_dir = run_dir, .alive = alive, .arg = arg, .err = err };
	int code = lease_each(run_dir, visit_reclaim, &reclaim, err);

	return code < 0 ? code : reclaim.left;
}
