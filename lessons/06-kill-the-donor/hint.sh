#!/usr/bin/env bash
# Starts a donor under strace and looks at what parent and child did.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

# A donor outlives the program that made it, and would keep strace waiting.
kill_donors() {
	local exe
	for exe in /proc/[0-9]*/exe; do
		[ "$(readlink "$exe")" != "$BIN/pause" ] || kill -KILL "$(basename "${exe%/exe}")"
	done
}
trap kill_donors EXIT
traced=$TMPDIR/trace
start strace -f -o "$traced" "$LAB" "$BIN/pause"
wait_for 2 grep -qs 'exited with' "$traced" || :
kill_donors
wait_for 2 is_dead "$started" || :
did_not '(clone|fork)' && hint "TODO 2: no child is made: fork(2)."
did_not 'unshare\(.*CLONE_NEWNET' && hint "TODO 1: the child makes no network namespace."
did_not 'SIOCSIFFLAGS' && hint "TODO 1: the child does not switch lo on."
did_not 'dup[23]\(' && hint "TODO 1: the child keeps its caller's output open: let_go_of_output."
did_not 'setsid\(' && hint "TODO 1: the child stays in its caller's session: setsid(2)."
did_not "execve\\(\"$BIN/pause" && hint "TODO 1: the child does not become pause: execv(2)."
did_not 'read\([0-9]+, *(<unf|"",|0x|$)' && hint "TODO 3: the parent does not wait: it never calls read(2) on the pipe."
did_not 'read(\([0-9]+, | resumed>)"", [0-9]+\) += 0' &&
	hint "TODO 3: the parent never sees the end of the pipe. Who else has its writing end open? (TODO 2)"
lab "$TMPDIR/nonsense"
[ "$status" -eq 1 ] || hint "TODO 1: when the program cannot be run, the parent should hear of it: one byte." \
	"TODO 3: and a byte is not the end."
hint "Nothing is missing that a hint could find: run the check."
