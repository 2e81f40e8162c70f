#!/usr/bin/env bash
# Runs pidbox under strace and looks who did what.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

trace sh -c 'echo I am $$; exit 7'
did_not 'unshare\(.*CLONE_NEWPID' && hint "TODO 1: no PID namespace is made: unshare is not called with CLONE_NEWPID."
[[ $output == *"I am still"* ]] || hint "TODO 1: say who you are after unshare: \"after unshare I am still %d\"."
did_not '(clone|clone3|fork)\(' && hint "TODO 2: there is no child, so nobody is in the new namespace: fork(2)."
[[ $output == *"I am 1"* ]] || hint "TODO 2: the command should be PID 1. Is it the child that runs it, and was unshare before fork?"
did_not 'wait4\(|waitid\(' && hint "TODO 3: nobody waits for the child."
[ "$status" -eq 7 ] || hint "TODO 3: the command exited with 7, and your program with $status: WEXITSTATUS."
start_lab sleep 60
inner=$(child "$lab_pid")
kill -KILL "$inner"
how=0
wait "$lab_pid" || how=$?
[ $how -eq 137 ] || hint "TODO 3: the command was killed by signal 9; the status should be 137, and was $how: WTERMSIG."
hint "Nothing is missing that a hint could find: run the check."
