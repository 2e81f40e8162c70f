#!/usr/bin/env bats
# join is sent into namespaces that are made here, and the kernel is asked where it went.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

setup() {
	need_userns
	need_tool hostname
	name=$(random_name host)
	start unshare --user --map-root-user --uts sh -c "hostname $name; exec sleep 60"
	wait_for 5 grep -q sleep "/proc/$started/comm"
	holder=$started
}

@test "the command is in the other process' namespaces" {
	lab user,uts "$holder" readlink /proc/self/ns/user /proc/self/ns/uts
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	[ "${lines[0]}" = "$(ns "$holder" user)" ] || fail "the user namespace should be $(ns "$holder" user)"
	[ "${lines[1]}" = "$(ns "$holder" uts)" ] || fail "the uts namespace should be $(ns "$holder" uts)"
}

@test "two processes, one host name" {
	lab user,uts "$holder" uname -n
	[ "$output" = "$name" ] || fail "the host name in there is $name"
	other=$(random_name host)
	lab user,uts "$holder" hostname "$other"
	lab user,uts "$holder" uname -n
	[ "$output" = "$other" ] || fail "one process changed the name to $other, the next should see that"
	[ "$(uname -n)" != "$other" ] || fail "and this machine should keep its name"
}

@test "what was not asked for is not joined" {
	lab user "$holder" readlink /proc/self/ns/uts /proc/self/ns/net
	[ "${lines[0]}" = "$(ns $$ uts)" ] || fail "only the user namespace was asked for"
}

@test "without the user namespace first, the kernel says EPERM" {
	[ "$(id -u)" -ne 0 ] || skip "root may join without it"
	lab uts "$holder" true
	[ "$status" -ne 0 ] || fail "it should fail"
	[[ $output == *EPERM* ]] || fail "it should tell what the kernel said: EPERM"
	lab uts,user "$holder" true
	[[ $status -ne 0 && $output == *EPERM* ]] || fail "in the wrong order it should fail with EPERM too"
}

@test "all are opened before the first is entered" {
	start unshare --user --map-root-user --mount --uts sh -c "hostname $name; mount -t tmpfs none /proc; exec sleep 60"
	wait_for 5 grep -q sleep "/proc/$started/comm"
	lab user,mnt,uts "$started" uname -n
	[ "$output" = "$name" ] || fail "behind that mount namespace /proc is empty, and still it should work"
}

@test "a process that is not there is an error" {
	true &
	wait $!
	lab user $! true
	[[ $status -ne 0 && $output == *ENOENT* ]] || fail "it should fail with ENOENT"
}
