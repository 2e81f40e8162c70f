/*
 * pause_blob: the finished pause and init binaries, carried inside runpod.
 *
 * An infra must start on a machine where nothing but runpod was installed, so
 * the build takes build/pause and build/init in as bytes (pod/pause_blob.S).
 * They are written to a sealed memory file and executed from there (see
 * memfd_create(2) and execveat(2)). Lesson 16.
 */
#ifndef RUNPOD_BASE_PAUSE_BLOB_H
#define RUNPOD_BASE_PAUSE_BLOB_H

extern const char pause_blob[];	    /* the first byte of pause */
extern const char pause_blob_end[]; /* one past its last byte */
extern const char init_blob[];	    /* the same of init, for run --init */
extern const char init_blob_end[];

#endif
