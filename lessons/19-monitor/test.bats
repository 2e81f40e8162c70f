#!/usr/bin/env bats
# The monitor is found as the parent of the command.

# shellcheck disable=SC2154 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

setup() {
	dir=$BATS_TEST_TMPDIR/container
	mkdir "$dir"
	commands=()
}

# What the monitor holds outlives the program that was started; end it by the command's PID.
teardown() {
	for pid in "${commands[@]}"; do
		kill -KILL "$pid" 2>/dev/null || :
		wait_for 5 eval '[ ! -d "/proc/$pid" ] || is_dead $pid' || :
	done
	stop_all
}

# run_in_background [-t] COMMAND...: sets pid and parent.
run_in_background() {
	local flag=()
	[ "$1" != -t ] || {
		flag=(-t)
		shift
	}
	lab "${flag[@]}" "$dir" "$@"
	pid=${lines[0]-}
	[[ $pid =~ ^[0-9]+$ ]] || fail "it should print the PID of the command"
	commands+=("$pid")
	parent=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d ' ' -f 2)
}

ended() {
	[ -s "$dir/exit" ]
}

@test "it returns at once, and the command runs on" {
	begin=$(date +%s%N)
	run_in_background sleep 60
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	[ $(($(date +%s%N) - begin)) -lt 5000000000 ] || fail "it should return at once"
	! is_dead "$pid" || fail "the command should still run"
	[ "$(cat "/proc/$pid/comm")" = sleep ] || fail "process $pid should be the command"
}

@test "the monitor belongs to nobody: its parent is init, its session is not ours" {
	run_in_background sleep 60
	grandparent=$(sed 's/.*) //' "/proc/$parent/stat" | cut -d ' ' -f 2)
	[ "$grandparent" = 1 ] || fail "the monitor is process $parent, and its parent is $grandparent, not 1"
	session=$(sed 's/.*) //' "/proc/$parent/stat" | cut -d ' ' -f 4)
	[ "$session" != "$(sed 's/.*) //' /proc/$$/stat | cut -d ' ' -f 4)" ] || fail "the monitor is in our session"
	[ "$session" != "$parent" ] || fail "the monitor leads its session, and could get a terminal by accident: fork twice"
}

@test "the exit code is kept" {
	run_in_background sh -c 'exit 7'
	wait_for 5 ended || fail "there is no file exit"
	[ "$(cat "$dir/exit")" = 7 ] || fail "the command ended with 7, and exit reads $(cat "$dir/exit")"
}

@test "a signal is told as a shell tells it: 128 and its number" {
	run_in_background sleep 60
	kill -KILL "$pid"
	wait_for 5 ended || fail "there is no file exit"
	[ "$(cat "$dir/exit")" = 137 ] || fail "SIGKILL is 137, and exit reads $(cat "$dir/exit")"
}

@test "no exit code before the end, and no monitor after it" {
	run_in_background sleep 60
	! [ -e "$dir/exit" ] || fail "the command runs, and there is a file exit"
	kill -TERM "$pid"
	wait_for 5 is_dead "$parent" || fail "the monitor should end after the command"
}

@test "all output is in the log, both streams, to the last byte" {
	run_in_background sh -c 'echo out; echo err >&2; seq 20000; printf end'
	wait_for 5 ended
	[ "$(head -n 2 "$dir/log" | tr '\n' ' ')" = "out err " ] || fail "the log should begin with: out, err"
	[ "$(wc -l <"$dir/log")" -eq 20002 ] || fail "the log should have 20002 lines, and has $(wc -l <"$dir/log")"
	[ "$(tail -c 3 "$dir/log")" = end ] || fail "the last bytes are lost"
}

@test "without -t there is no terminal; with it the command leads a session that has one" {
	run_in_background sh -c 'tty; exit 0'
	wait_for 5 ended
	[[ $(cat "$dir/log") == "not a tty"* ]] || fail "tty should say: not a tty"
	rm -f "$dir/log" "$dir/exit"
	run_in_background -t sh -c 'tty; trap "echo interrupted; exit 9" INT; while :; do sleep 0.05; done'
	wait_for 5 grep -q /dev/pts/ "$dir/log" || fail "tty should name a terminal: $(cat "$dir/log")"
	[ "$(sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 4)" = "$pid" ] || fail "the command should lead its session (setsid)"
	[ "$(sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 5)" != 0 ] || fail "the session should have a controlling terminal (TIOCSCTTY)"
}

@test "the caller's output is not held open" {
	# a pipe ends when nobody holds it any more
	timeout 5 bash -c "'$LAB' '$dir' sleep 60 | cat" >"$BATS_TEST_TMPDIR/pid" || fail "something behind holds the caller's pipe open"
	commands+=("$(cat "$BATS_TEST_TMPDIR/pid")")
}
