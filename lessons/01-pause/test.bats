#!/usr/bin/env bats
# What pause must do is very little; that it does no more is looked for too.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

# sleeping PID: asleep, and as this lesson's program.
sleeping() {
	[ "$(process_state "$1")" = S ] && [ "$(readlink "/proc/$1/exe")" = "$LAB" ]
}

# ticks PID: processor time used, in hundredths of a second.
ticks() {
	sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

start_pause() {
	start_lab
	wait_for 5 sleeping "$lab_pid" || {
		local how=0
		is_dead "$lab_pid" && { wait "$lab_pid" || how=$?; }
		[ "$how" -ne 139 ] || fail "it crashed (SIGSEGV): something returned from _start"
		fail "it should be asleep, but it $(is_dead "$lab_pid" && echo "ended with status $how" || echo "is busy")"
	}
}

# ends_with STATUS: the program is gone within five seconds, with that exit status.
ends_with() {
	local how=0
	wait_for 5 is_dead "$lab_pid" || fail "it should end, and is still there"
	wait "$lab_pid" || how=$?
	[ $how -eq "$1" ] || fail "it should end with status $1, and ended with $how (128 + 15 is: killed by SIGTERM)"
}

@test "it sleeps, and uses no processor time" {
	start_pause
	before=$(ticks "$lab_pid")
	for _ in 1 2 3 4 5; do
		sleep 0.1
		sleeping "$lab_pid" || fail "it should be asleep all the time"
	done
	[ $(($(ticks "$lab_pid") - before)) -le 1 ] || fail "it runs in circles instead of sleeping"
}

@test "SIGTERM and SIGINT end it, with status 0" {
	for signal in TERM INT; do
		start_pause
		kill -$signal "$lab_pid"
		ends_with 0
	done
}

@test "no other signal does" {
	start_pause
	for signal in HUP USR1 USR2 ALRM PIPE CHLD QUIT; do
		kill -$signal "$lab_pid"
		wait_for 5 eval 'sleeping $lab_pid || is_dead $lab_pid' || fail "it should sleep on after SIG$signal"
		! is_dead "$lab_pid" || {
			how=0
			wait "$lab_pid" || how=$?
			[ $how -gt 128 ] || fail "SIG$signal ended it, with status $how: only SIGTERM and SIGINT should"
			fail "SIG$signal killed it (status $how is 128 + $((how - 128))): it is not blocked"
		}
	done
	kill -STOP "$lab_pid"
	wait_for 5 eval '[ "$(process_state $lab_pid)" = T ]'
	kill -CONT "$lab_pid"
	wait_for 5 sleeping "$lab_pid" || fail "it should sleep on after signals"
	kill -TERM "$lab_pid"
	ends_with 0
}

@test "it holds a namespace open, and others can come in" {
	need_userns
	start unshare --user --map-root-user --net "$LAB"
	wait_for 5 sleeping "$started" || fail "it should be asleep in a network namespace of its own"
	other_ns net $$ "$started" || fail "it is not in a network namespace of its own"
	inside=$(nsenter --user --net --preserve-credentials -t "$started" readlink /proc/self/ns/net)
	[ "$inside" = "$(ns "$started" net)" ] || fail "another process should be able to join it"
}

@test "there is no C library in it" {
	start_pause
	! grep -Eq 'libc|ld-' "/proc/$lab_pid/maps" || fail "a C library is mapped: $(grep -m 1 libc "/proc/$lab_pid/maps")"
	size=$(wc -c <"$LAB")
	[ "$size" -lt 20000 ] || fail "it is $size bytes large; a few thousand are enough"
}
