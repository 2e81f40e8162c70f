/*
 * host_path: paths of the machine as a pod's volumes, with the types that Kubernetes knows.
 */
#ifndef RUNPOD_POD_HOST_PATH_H
#define RUNPOD_POD_HOST_PATH_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Looks whether path is what type says: Directory, File, Socket, CharDevice, BlockDevice, DirectoryOrCreate, FileOrCreate; NULL or "": only that
 * it is there. make: make what is missing where the type says so (0755, 0644). Returns 0 or -errno: `hostPath type check failed: PATH is not a
 * directory`.
 */
int host_path_check(const char *path, const char *type, bool make, struct err *err);

#endif
