#!/usr/bin/env bats
# Two mount namespaces, one /dev/shm.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

setup() {
	need_userns
	text=$(random_name hello)
	file=$(random_name)
	start unshare --user --map-root-user --mount \
		sh -c "mount -t tmpfs shm /dev/shm && echo $text >/dev/shm/$file && exec sleep 60"
	wait_for 5 grep -q sleep "/proc/$started/comm"
	donor=$started
}

@test "the command sees what the other process has in /dev/shm" {
	lab "$donor" cat "/dev/shm/$file"
	[ "$output" = "$text" ] || fail "/dev/shm/$file should be there and say $text"
}

@test "it is the same memory in both directions, not a copy" {
	lab "$donor" sh -c "echo changed >/dev/shm/$file"
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	[ "$(cat "/proc/$donor/root/dev/shm/$file")" = changed ] || fail "the other process should see what was written"
}

@test "the mount table is the command's own" {
	lab "$donor" readlink /proc/self/ns/mnt
	inside=$output
	[[ $inside == mnt:* ]] || fail "the command was not run"
	[ "$inside" != "$(ns "$donor" mnt)" ] || fail "it should not be in the other one's mount namespace, only have its /dev/shm"
	[ "$inside" != "$(ns $$ mnt)" ] || fail "it should not be in ours"
}

@test "mounts that it makes are seen by nobody else" {
	lab "$donor" sh -c "mount -t tmpfs mine /dev/shm && echo x >/dev/shm/mine && ls /dev/shm"
	[[ $output == *mine* ]] || fail "root of its own namespace should be able to mount"
	[ ! -e "/proc/$donor/root/dev/shm/mine" ] || fail "the mount spread to the other process"
	[ ! -e /dev/shm/mine ] || fail "the mount spread to us"
}

@test "our own /dev/shm is left alone" {
	lab "$donor" sh -c "echo x >/dev/shm/$file.new"
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	[ ! -e "/dev/shm/$file.new" ] || fail "the file should be in the shared /dev/shm only"
}
