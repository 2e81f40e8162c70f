/*
 * cleanup: two things are released by themselves when they go out of scope,
 * descriptors and heap memory. Nothing else is: mounts, cgroups and processes
 * have an order, and are undone where that order can be read.
 *
 *	cleanup_fd int fd = -1;
 *	cleanup_free char *text = NULL;
 */
#ifndef RUNPOD_BASE_CLEANUP_H
#define RUNPOD_BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_fd_func(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_free_func(void *slot)
{
	free(*(void **)slot);
}

#define cleanup_fd   __attribute__((cleanup(cleanup_fd_func)))
#define cleanup_free __attribute__((cleanup(cleanup_free_func)))

/* Hands a descriptor or pointer on to the caller, so that it survives the scope. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#define take_ptr(pointer)                                                                                    \
	({                                                                                                   \
		__typeof__(pointer) taken_ = (pointer);                                                      \
		(pointer) = NULL;                                                                            \
		taken_;                                                                                      \
	})

#endif
