#!/usr/bin/env bash
# Runs init as PID 1 under strace, with an orphan, and looks what it did.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

LAB_SECONDS=3
traced=$TMPDIR/trace
run_limited strace -f -o "$traced" "$BIN/pidbox" "$LAB" sh -c '(sleep 0.1 &) ; sleep 0.5; exit 7'
command -v strace >/dev/null || hint "Install strace to get hints for TODO 1, TODO 2 and TODO 3."
did_not 'rt_sigprocmask\(SIG_BLOCK, \[[^]]*CHLD' && hint "TODO 1: SIGCHLD is not among the signals: that is how the kernel tells of a death."
did_not 'rt_sigprocmask\(SIG_BLOCK, \[[^]]*TERM' && hint "TODO 1: SIGTERM is not among the signals."
did_not 'rt_sigprocmask\(SIG_BLOCK, \[[^]]*INT' && hint "TODO 1: SIGINT is not among the signals."
did_not 'wait4\(-1' && hint "TODO 2: waitpid(2) is never called for any child, -1."
did_not 'wait4\(-1, .*WNOHANG' && hint "TODO 2: without WNOHANG waitpid sleeps, and no signal can be handed on meanwhile."
did_not 'rt_sigtimedwait' && hint "TODO 3: your program does not wait for a signal: sigwaitinfo(2)."
[ "$status" -eq 7 ] || hint "TODO 2: the command exited with 7, and your program with $status." "$output"
start "$BIN/pidbox" "$LAB" sleep 60
init_pid=$(child "$started") && child "$init_pid" >/dev/null
kill -TERM "$init_pid"
wait_for 2 is_dead "$started" || hint "TODO 3: SIGTERM was sent to PID 1, and the command still runs: kill(2)."
hint "Nothing is missing that a hint could find: run the check."
