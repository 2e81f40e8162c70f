#!/usr/bin/env bash
# Lends shmbox a /dev/shm and looks at where it looked for it.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

start unshare --user --map-root-user --mount sh -c 'mount -t tmpfs shm /dev/shm; echo hello >/dev/shm/hint; exec sleep 60'
wait_for 5 grep -q sleep "/proc/$started/comm"
trace "$started" cat /dev/shm/hint
stop_all
moves=$(grep -c 'setns(.*CLONE_NEWNS' "$traced")
did_not 'open_tree\(' && hint "TODO 2: nothing is picked up: open_tree is not called."
did_not 'open_tree\(.*OPEN_TREE_CLONE' && hint "TODO 2: open_tree without OPEN_TREE_CLONE only opens the mount, it does not copy it."
did 'open_tree\(.*E(PERM|INVAL)' && hint "TODO 2: the copy was refused: $(grep -m 1 open_tree "$traced")"
[ "$moves" -ge 1 ] || hint "TODO 1: what was picked up is our own /dev/shm: the other mount namespace is never visited."
[ "$moves" -ge 2 ] || hint "TODO 1: you went there with setns and did not come back."
did_not 'move_mount\(' && hint "TODO 3: the copy is never hung up: move_mount is not called."
did 'move_mount\(.*= -1' &&
	hint "TODO 3: refused: $(grep -m 1 move_mount "$traced")" "(a path that is empty needs MOVE_MOUNT_F_EMPTY_PATH)"
[[ $output == *hello* ]] || hint "TODO 1: the order is: go there, pick up, come back, hang up. This came out: $output"
hint "Nothing is missing that a hint could find: run the check."
