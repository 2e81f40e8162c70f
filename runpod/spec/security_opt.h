/*
 * security_opt: --security-opt, what of the baseline is lifted.
 */
#ifndef RUNPOD_SPEC_SECURITY_OPT_H
#define RUNPOD_SPEC_SECURITY_OPT_H

#include "base/err.h"
#include "spec/pod_spec.h"

/*
 * Reads no-new-privileges[=true|false], seccomp=unconfined, mask=PATH:…,
 * unmask=ALL|PATH:…, systempaths=unconfined, label=disable and
 * apparmor=unconfined into ctr. The last two ask for what is so anyway: no
 * label and no profile is ever set. Returns 0 or -EINVAL.
 */
int security_opt_parse(const char *text, struct ctr_spec *ctr, struct err *err);

#endif
