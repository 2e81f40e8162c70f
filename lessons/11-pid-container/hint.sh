#!/usr/bin/env bash
# Makes a donor, joins it under strace, and looks at the calls.
# shellcheck disable=SC2154 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

start unshare --user --map-root-user --pid --fork --kill-child "$BIN/pause"
donor=$(child "$started")
trap 'stop_all' EXIT
trace "$donor" sh -c 'echo $$; exit 7'

did_not '^[0-9]* *pidfd_open\(' &&
	hint "TODO 1: there is no pidfd_open(2) of process $donor. The header is <sys/pidfd.h>."
did_not 'setns\(' &&
	hint "TODO 1: you hold a descriptor of the process, and never call setns(2) with it."
did 'setns\(.*EPERM' && did_not 'setns\(.*CLONE_NEWUSER' &&
	hint "TODO 1: setns gives EPERM: the PID namespace belongs to a user namespace in which you are" \
		"nobody. Which flag joins that one in the same call?"
did 'setns\(.*= -1' && hint "TODO 1: setns fails. What was asked for:" "$(grep -m 1 'setns(' "$traced")"
did_not 'setns\(.*CLONE_NEWPID' &&
	hint "TODO 1: setns is called without CLONE_NEWPID: $(grep -m 1 'setns(' "$traced")"

[[ $output == *"my parent is 0"* ]] ||
	hint "TODO 2: the command should be a process of the donor's namespace, without a parent there (0), and it says:" "$output" \
		"Has anybody been born since setns? Who runs become()?"
[ "$status" -eq 7 ] ||
	hint "TODO 3: the command ended with exit status 7, and joinpid with $status. WEXITSTATUS(status)" \
		"is the number that you want."
lab "$donor" sh -c 'kill -KILL $$'
[ "$status" -eq 137 ] ||
	hint "TODO 3: for a command that SIGKILL (9) has ended, joinpid should end with 128 + 9, and it" \
		"ended with $status. WEXITSTATUS says nothing about it: ask WIFSIGNALED first."
[[ $output == *"signal 9"* ]] || hint "TODO 3: say also which signal it was, on standard error."
hint "Nothing is missing that a hint could find: run the check."
