/*
 * image_instruct: single instructions of a Containerfile, as import --change takes them.
 */
#ifndef RUNPOD_STORE_IMAGE_INSTRUCT_H
#define RUNPOD_STORE_IMAGE_INSTRUCT_H

#include "store/image.h"

/*
 * Carries out one instruction on the configuration: CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR, in
 * Docker's two forms ("CMD /bin/sh" or "CMD=/bin/sh" as podman also takes; ["/bin/sh"] or words for a shell). Returns 0 or -EINVAL.
 */
int image_instruct(struct image_config *config, const char *text, struct err *err);

#endif
