#!/usr/bin/env bash
# Makes a pod of one container under strace.
# shellcheck disable=SC2154 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

trace "$BIN/pause" sleep 0.3

did_not 'clone3\(.*CLONE_NEWNET.*/\* [0-9]+ \*/|clone3\(\{flags=.*CLONE_NEWNET' &&
	hint "TODO 1: pause is not made with clone3 in a new network namespace." \
		"What clone3 was asked for:" "$(grep -m 1 'clone3(' "$traced")"
for flag in NEWUSER NEWIPC NEWPID PIDFD; do
	did_not "clone3\\(\\{flags=.*CLONE_$flag" && hint "TODO 1: the flag CLONE_$flag is missing: $(grep -m 1 'clone3({flags=.*NEWNET' "$traced")"
done
did 'clone3\(\{flags=.*CLONE_NEWNET.*= -1' && hint "TODO 1: clone3 fails: $(grep -m 1 'clone3({flags=.*NEWNET' "$traced")"
did_not 'setns\(' && hint "TODO 2: no one joins pause: setns(2) is never called."
did 'setns\(.*= -1' && hint "TODO 2: setns fails:" "$(grep -m 1 'setns(' "$traced")" \
	"Is the descriptor the one that clone3 has filled in?"
for flag in NEWUSER NEWNET NEWIPC NEWPID; do
	did_not "setns\\(.*CLONE_$flag" && hint "TODO 2: the flag CLONE_$flag is missing: $(grep -m 1 'setns(' "$traced")"
done
[ "$status" -ne 124 ] || hint "TODO 3: handpod does not come back. It waits for children until all *containers* have ended; pause" \
	"is a child too, but never ends by itself."
did_not 'wait4\(-1' && did_not 'waitid\(P_ALL' && hint "TODO 3: handpod does not wait for the containers: wait(2), in a loop."
did_not 'kill\([0-9]+, SIGKILL' && hint "TODO 3: at the end pause is to be killed: kill(2) with SIGKILL."
hint "Nothing is missing that a hint could find: run the check."
