/*
 * copy_tree: copies what a directory holds, with owners, modes and times.
 */
#ifndef RUNPOD_STORE_COPY_TREE_H
#define RUNPOD_STORE_COPY_TREE_H

#include "base/err.h"

/*
 * Copies everything in the directory from to the directory to, and then from's own
 * owner, mode and times. Files, directories, symbolic links (as they are, never followed) and FIFOs; sockets
 * and devices are passed over. An ordinary user, who cannot give files away, keeps them.
 */
int copy_tree(int from, int to, struct err *err);

#endif
