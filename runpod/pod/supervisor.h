/*
 * supervisor: one small process a pod, which starts it, watches it and answers
 * for it. See supervisor.c for its loop and client.c for who starts it.
 */
#ifndef RUNPOD_POD_SUPERVISOR_H
#define RUNPOD_POD_SUPERVISOR_H

#define SUPERVISOR_LISTENER 3 /* the control socket, listening already, is this descriptor */
#define SUPERVISOR_LOCK	    4 /* rootless: the lock "userns", held until our record says that we live in there */

/* `runpod supervisor ROOT RUN POD`: never typed by people. Returns the exit status. */
int supervisor_main(int argc, char **argv);

#endif
