#!/usr/bin/env bash
# Runs a command that ends by itself, with and without a terminal.
# shellcheck disable=SC2154 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

dir=$TMPDIR/container
mkdir -p "$dir"
trace "$dir" sh -c 'sleep 0.3; kill -KILL $$'
did_not 'setsid\(' && hint "TODO 1: nobody calls setsid(2)."
forks=$(grep -cE '(clone|fork|clone3)\(' "$traced")
[ "$forks" -ge 3 ] ||
	hint "TODO 1: the program makes $forks processes, and should make three: one that calls setsid and ends, the monitor, the command."
lab "$dir" sleep 3
pid=${lines[0]-0}
parent=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d ' ' -f 2)
above=$(sed 's/.*) //' "/proc/${parent:-1}/stat" 2>/dev/null | cut -d ' ' -f 2)
kill -KILL "$pid" 2>/dev/null
[ "$above" = 1 ] || hint "TODO 1: the monitor (process $parent) has process $above as its parent. It should be init's: does the one in the middle end?"
wait_for 5 [ -s "$dir/exit" ]
[ "$(cat "$dir/exit" 2>/dev/null)" = 137 ] ||
	hint "TODO 2: the command was killed by SIGKILL, and the file exit reads: $(cat "$dir/exit" 2>/dev/null). It should be 128 + 9."
rm -rf "${dir:?}"/*
lab -t "$dir" sh -c 'tty; ps -o tty= -p $$'
wait_for 5 [ -s "$dir/exit" ]
grep -q 'not a tty' "$dir/log" && hint "TODO 3: with -t standard input should be the terminal, too: dup2(theirs, 0)."
grep -q '^?' "$dir/log" && hint "TODO 3: the command's session has no controlling terminal: setsid(2), then ioctl TIOCSCTTY. The log reads:" "$(cat "$dir/log")"
hint "Nothing is missing that a hint could find: run the check."
