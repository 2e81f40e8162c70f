/*
 * image_busybox: a root file system around one static program.
 */
#ifndef RUNPOD_STORE_IMAGE_BUSYBOX_H
#define RUNPOD_STORE_IMAGE_BUSYBOX_H

#include "base/err.h"

/* Fills the empty directory rootfs: busybox (the program's path) with a link for each of its applets, the usual
 * directories, users and groups. -EINVAL when the program needs a dynamic linker. */
int busybox_fill(int rootfs, const char *busybox, struct err *err);

#endif
