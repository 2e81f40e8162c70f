#!/usr/bin/env bash
# Starts pause under strace, sends it a signal, and looks at which calls it made.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

traced=$TMPDIR/trace
LAB_SECONDS=1
lab
[ "$status" -ne 139 ] ||
	hint "TODO 1: it crashed with SIGSEGV. Nobody called _start, so there is no place to return to:" \
		"the program must end itself before the closing brace. Which call ends a process?"
command -v strace >/dev/null || hint "Install strace to get more hints than this one: TODO 1, TODO 2 or TODO 3."
run_limited strace -o "$traced" "$LAB"
did_not 'rt_sigprocmask' &&
	hint "TODO 2: no signal is blocked: your program never calls rt_sigprocmask."
did 'rt_sigprocmask.*= -1' &&
	hint "TODO 2: rt_sigprocmask is called, but the kernel refuses: $(grep -m 1 rt_sigprocmask "$traced")" \
		"(the last argument is the size of the kernel's set: 8 bytes, 64 signals)"
did_not 'rt_sigprocmask\(SIG_SETMASK, ~\[' &&
	hint "TODO 2: the signals that are blocked are not all of them: $(grep -m 1 rt_sigprocmask "$traced")"
did_not 'rt_sigtimedwait' &&
	hint "TODO 3: your program does not wait for a signal: it never calls rt_sigtimedwait."
did 'rt_sigtimedwait.*= -1 E(INVAL|FAULT)' &&
	hint "TODO 3: the kernel refuses: $(grep -m 1 rt_sigtimedwait "$traced")"
did 'rt_sigtimedwait.*= -1 EAGAIN' &&
	hint "TODO 3: EAGAIN means that the time was up: the third argument should be 0, no time limit."
start_lab
wait_for 2 eval '[ "$(process_state $lab_pid)" = S ]'
kill -TERM "$lab_pid"
wait_for 2 is_dead "$lab_pid" ||
	hint "TODO 3: it waits, but SIGTERM does not end it. What does rt_sigtimedwait return?"
wait "$lab_pid"
status=$?
[ "$status" -eq 0 ] || hint "TODO 1: after SIGTERM it ended with status $status, and it should be 0."
hint "Nothing is missing that a hint could find: run the check."
