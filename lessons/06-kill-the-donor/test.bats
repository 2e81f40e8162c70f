#!/usr/bin/env bats
# Members die, the donor stays; then the donor dies too.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

setup() {
	need_userns
	pause=$BIN/pause
	pid=
}

teardown() {
	# also one whose PID was never told, since its parent did not come back
	for exe in /proc/[0-9]*/exe; do
		[ "$(readlink "$exe")" != "$(readlink -f "$pause")" ] || kill -KILL "$(basename "${exe%/exe}")"
	done 2>/dev/null
	stop_all
}

# have_donor: pid is the donor's, as the program printed it.
have_donor() {
	# a program that hangs hangs every time: to wait for it once is enough
	[ ! -e "$BATS_FILE_TMPDIR/hangs" ] || fail "it does not come back (as above)"
	lab "$pause"
	[ "$status" -ne 124 ] || : >"$BATS_FILE_TMPDIR/hangs"
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	[[ $output =~ ^[0-9]+$ ]] || fail "it should print a PID and nothing else"
	pid=$output
}

member() {
	run_limited nsenter --user --net --preserve-credentials -t "$pid" "$@"
}

@test "it prints the PID of a donor that is pause, and ends" {
	have_donor
	[ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$pause")" ] || fail "process $pid is no pause: $(readlink "/proc/$pid/exe")"
	[ "$(process_state "$pid")" = S ] || fail "the donor should sleep"
}

@test "when the PID is printed, everything is ready" {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		have_donor
		other_ns net $$ "$pid" || fail "the donor is still in our own network namespace: a member would join that"
		member cat /proc/net/fib_trie
		[[ $output == *127.0.0.1* ]] || fail "lo is not up yet"
		kill -KILL "$pid"
	done
}

@test "three members die, and the namespace is still the same" {
	have_donor
	before=$(ns "$pid" net)
	for _ in 1 2 3; do
		member sh -c 'readlink /proc/self/ns/net; kill -KILL $$'
		[ "${lines[0]}" = "$before" ] || fail "each member should find $before"
	done
}

@test "the donor holds neither terminal nor pipe" {
	have_donor
	for fd in 0 1; do
		[ "$(readlink "/proc/$pid/fd/$fd")" = /dev/null ] || fail "descriptor $fd of the donor is $(readlink "/proc/$pid/fd/$fd")"
	done
}

@test "the donor leads a session of its own: Ctrl-C in this terminal is not for it" {
	have_donor
	session=$(sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 4)
	[ "$session" = "$pid" ] || fail "the donor is process $pid, and in session $session: setsid(2)"
}

@test "a program that cannot be run is an error, at once" {
	lab "$BATS_TEST_TMPDIR/nonsense"
	[[ $status -eq 1 && $output == *ENOENT* ]] || fail "it should end with status 1 and tell ENOENT"
}
