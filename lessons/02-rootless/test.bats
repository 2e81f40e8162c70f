#!/usr/bin/env bats
# sandbox: plain
# rootless is asked to run commands that show what the kernel thinks of them.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

setup() {
	need_userns
}

@test "the command is in a user namespace of its own" {
	lab readlink /proc/self/ns/user
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	inside=$(grep '^user:' <<<"$output") || fail "the command was not run"
	[ "$inside" != "$(ns $$ user)" ] || fail "it is still in $inside, as everybody is"
}

@test "it was nobody before the map, and is root after it" {
	lab id -u
	[[ $output == *"without a map: uid 65534"* ]] || fail "without a map every number is shown as 65534"
	[ "${lines[-1]}" = 0 ] || fail "id -u should say 0"
	lab id -g
	[ "${lines[-1]}" = 0 ] || fail "id -g should say 0"
}

@test "the map says: 0 in here is you out there, and nobody else" {
	lab cat /proc/self/uid_map
	[ "$(echo ${lines[-1]})" = "0 $(id -u) 1" ] || fail "uid_map should be: 0 $(id -u) 1"
	lab cat /proc/self/gid_map
	[ "$(echo ${lines[-1]})" = "0 $(id -g) 1" ] || fail "gid_map should be: 0 $(id -g) 1"
	lab cat /proc/self/setgroups
	[ "${lines[-1]}" = deny ] || fail "setgroups should be denied"
}

@test "it has all capabilities in there, and none out here" {
	lab sh -c 'sed -n "s/^CapEff:[[:space:]]*//p" /proc/self/status'
	[[ ${lines[-1]} =~ ^0*[137f]f{8,}$ ]] || fail "the effective capabilities should be all of them"
	lab unshare --uts hostname "$(random_name)"
	[ "$status" -eq 0 ] || fail "it should be able to name a host of its own"
	lab hostname "$(random_name)"
	[ "$status" -ne 0 ] || fail "it should not be able to rename this host"
}

@test "a file of its making belongs to you" {
	name=$BATS_TEST_TMPDIR/$(random_name)
	lab sh -c "touch $name && stat -c %u $name"
	[ "${lines[-1]}" = 0 ] || fail "inside, the owner should be 0"
	[ "$(stat -c %u "$name")" = "$(id -u)" ] || fail "outside, the owner should be you"
}

@test "the command's exit status is passed on" {
	lab sh -c 'exit 7'
	[ "$status" -eq 7 ] || fail "the status should be 7, and was $status: is the command run with exec?"
}
