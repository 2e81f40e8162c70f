/*
 * subpath: a directory or file inside a volume that is mounted instead of the whole.
 */
#ifndef RUNPOD_POD_SUBPATH_H
#define RUNPOD_POD_SUBPATH_H

#include "base/err.h"

/* Opens subpath below volume, with no symbolic link on the way (containers write there: CVE-2017-1002101); what is missing is made as a
 * directory with the volume's own mode, as the kubelet does. Returns an O_PATH descriptor or -errno. */
int subpath_open(int volume, const char *subpath, struct err *err);

/* subpath with $(NAME) looked up in env: subPathExpr. *ret_text is owned by the caller. -EINVAL when a name is missing or empty. */
struct strv;
int subpath_expand(const char *subpath, const struct strv *env, char **ret_text, struct err *err);

#endif
