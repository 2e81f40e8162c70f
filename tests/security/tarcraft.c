/*
 * tarcraft: writes tar archives that no tar(1) would write, for
 * tests/security/unpack.bats. Each argument is one entry, on standard output:
 *
 *	file|NAME|CONTENT   dir|NAME   sym|NAME|TARGET   hard|NAME|TARGET
 *	fifo|NAME   chr|NAME|MAJOR,MINOR   blk|NAME|MAJOR,MINOR
 *	setuid|NAME|CONTENT     a file of mode 4755
 *	owned|NAME|UID          an empty file of that owner
 *	zeros|NAME|SIZE         a file of so many zeros
 *	many|NAME|COUNT         so many empty files NAME0, NAME1, …
 *	pax|KEY|VALUE           an extended header for the next entry; %00 is a NUL
 *	gnu|NAME   gnulink|NAME GNU's long name or link target for the next entry
 *	noend                   leaves the end mark away
 *
 * tar(5) describes the blocks.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100];
	char magic[6], version[2], uname[32], gname[32], major[8], minor[8], prefix[155], pad[12];
};

static struct header new_header(char type, const char *name, unsigned mode, size_t size)
{
	struct header header = { .type = type };

	snprintf(header.name, sizeof(header.name), "%s", name);
	snprintf(header.mode, sizeof(header.mode), "%07o", mode);
	snprintf(header.uid, sizeof(header.uid), "%07o", 0);
	snprintf(header.gid, sizeof(header.gid), "%07o", 0);
	snprintf(header.size, sizeof(header.size), "%011zo", size);
	snprintf(header.mtime, sizeof(header.mtime), "%011o", 1000000000);
	memcpy(header.magic, "ustar", 6);
	memcpy(header.version, "00", 2);
	return header;
}

static void put_header(struct header *header)
{
	const unsigned char *bytes = (const unsigned char *)header;
	unsigned sum = 0;

	memset(header->sum, ' ', sizeof(header->sum));
	for (size_t i = 0; i < sizeof(*header); i++)
		sum += bytes[i];
	snprintf(header->sum, sizeof(header->sum), "%06o", sum);
	fwrite(header, sizeof(*header), 1, stdout);
}

static void put_content(const char *bytes, size_t size)
{
	static const char zeros[512];

	fwrite(bytes, 1, size, stdout);
	fwrite(zeros, 1, (512 - size % 512) % 512, stdout);
}

static void put_file(char type, const char *name, unsigned mode, const char *bytes, size_t size)
{
	struct header header = new_header(type, name, mode, size);

	put_header(&header);
	put_content(bytes, size);
}

static void put_zeros(const char *name, size_t size)
{
	struct header header = new_header('0', name, 0644, size);
	static const char zeros[512];

	put_header(&header);
	for (size_t done = 0; done < size; done += 512)
		fwrite(zeros, 512, 1, stdout);
}

/* "LENGTH KEY=VALUE\n", where LENGTH counts itself too (see tar(5), Pax Interchange Format). */
static void put_pax(const char *key, char *value)
{
	size_t length = strlen(value), body, total, last;
	char *nul, *record, digits[24];

	while ((nul = strstr(value, "%00"))) {
		*nul = '\0';
		memmove(nul + 1, nul + 3, length - (size_t)(nul - value) - 2);
		length -= 2;
	}
	body = 1 + strlen(key) + 1 + length + 1;
	for (total = body, last = 0; total != last;) {
		last = total;
		total = body + (size_t)snprintf(digits, sizeof(digits), "%zu", total);
	}
	record = calloc(1, total + 1);
	if (!record)
		exit(1);
	memcpy(record + sprintf(record, "%zu %s=", total, key), value, length);
	record[total - 1] = '\n';
	put_file('x', "PaxHeader", 0644, record, total);
	free(record);
}

static void put_link(char type, const char *name, const char *target)
{
	struct header header = new_header(type, name, 0777, 0);

	snprintf(header.link, sizeof(header.link), "%s", target);
	put_header(&header);
}

static void put_device(char type, const char *name, const char *numbers)
{
	struct header header = new_header(type, name, 0666, 0);
	unsigned major = 0, minor = 0;

	sscanf(numbers, "%u,%u", &major, &minor);
	snprintf(header.major, sizeof(header.major), "%07o", major);
	snprintf(header.minor, sizeof(header.minor), "%07o", minor);
	put_header(&header);
}

static void put_owned(const char *name, const char *uid)
{
	struct header header = new_header('0', name, 04755, 0);

	snprintf(header.uid, sizeof(header.uid), "%07o", (unsigned)atoi(uid));
	put_header(&header);
}

static void put_many(const char *name, long count)
{
	char numbered[100];

	for (long i = 0; i < count; i++) {
		snprintf(numbered, sizeof(numbered), "%s%ld", name, i);
		put_file('0', numbered, 0644, "", 0);
	}
}

static void put_entry(const char *kind, char *name, char *value)
{
	if (!strcmp(kind, "file"))
		put_file('0', name, 0644, value, strlen(value));
	else if (!strcmp(kind, "setuid"))
		put_file('0', name, 04755, value, strlen(value));
	else if (!strcmp(kind, "owned"))
		put_owned(name, value);
	else if (!strcmp(kind, "dir"))
		put_file('5', name, 0755, "", 0);
	else if (!strcmp(kind, "sym"))
		put_link('2', name, value);
	else if (!strcmp(kind, "hard"))
		put_link('1', name, value);
	else if (!strcmp(kind, "fifo"))
		put_file('6', name, 0644, "", 0);
	else if (!strcmp(kind, "chr") || !strcmp(kind, "blk"))
		put_device(*kind == 'c' ? '3' : '4', name, value);
	else if (!strcmp(kind, "zeros"))
		put_zeros(name, strtoul(value, NULL, 10));
	else if (!strcmp(kind, "many"))
		put_many(name, atol(value));
	else if (!strcmp(kind, "pax"))
		put_pax(name, value);
	else if (!strcmp(kind, "gnu") || !strcmp(kind, "gnulink"))
		put_file(kind[3] ? 'K' : 'L', "././@LongLink", 0644, name, strlen(name) + 1);
	else
		exit((fprintf(stderr, "tarcraft: unknown kind %s\n", kind), 2));
}

int main(int argc, char **argv)
{
	static const char end[1024];
	bool ends = true;

	for (int i = 1; i < argc; i++) {
		char *rest = argv[i], *kind = strsep(&rest, "|"), *name = strsep(&rest, "|");

		if (!strcmp(kind, "noend"))
			ends = false;
		else
			put_entry(kind, name ? name : "", rest ? rest : "");
	}
	if (ends)
		fwrite(end, sizeof(end), 1, stdout);
	return fflush(stdout) ? 1 : 0;
}
