/*
 * readfiles: the price of looking at N pods: open, read and close a few files in
 * each directory of another.
 *
 *	readfiles DIR NAME…    reads DIR/x/NAME for every x; one that is missing is passed over
 */
#include <dirent.h>

#include "bench.h"

int main(int argc, char **argv)
{
	static char text[1 << 16];
	struct dirent *entry;
	size_t total = 0;
	DIR *dir;

	if (argc < 3 || !(dir = opendir(argv[1]))) {
		fputs("usage: readfiles DIR NAME...\n", stderr);
		return 2;
	}
	while ((entry = readdir(dir)))
		for (int i = 2; i < argc; i++) {
			char path[4096];
			ssize_t n;
			int fd;

			snprintf(path, sizeof(path), "%s/%s", entry->d_name, argv[i]);
			fd = openat(dirfd(dir), path, O_RDONLY | O_CLOEXEC);
			if (fd < 0)
				continue;
			while ((n = read(fd, text, sizeof(text))) > 0)
				total += (size_t)n;
			close(fd);
		}
	closedir(dir);
	printf("%zu\n", total);
	return 0;
}
