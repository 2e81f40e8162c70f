/*
 * preserve: descriptors that a caller has opened for the program. They travel to the supervisor over its socket
 * (SCM_RIGHTS, unix(7)), whose child finds them under the same numbers.
 */
#include "cli/preserve.h"

#include <errno.h>
#include <fcntl.h>

#include "pod/wire.h"

int preserve_check(int64_t n, struct err *err)
{
	if (n > WIRE_PRESERVED)
		return err_set(err, 0, "--preserve-fds %lld: at most %d descriptors can be handed on",
			       (long long)n, WIRE_PRESERVED);
	for (int fd = 3; fd < 3 + n; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			return err_set(
				err, 0,
				"file descriptor %d is not available - the preserve-fds option requires "
				"that file descriptors must be passed",
				fd);
	return 0;
}
