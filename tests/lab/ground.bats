#!/usr/bin/env bats
# ground.bats: what the lab promises to the tests and lessons that need it, seen from inside.

load ../lib/common

@test "the cgroup hierarchy is pure v2 and has cpu, io, memory and pids" {
	[ "$(cgroup_root)" = /sys/fs/cgroup ]
	[ "$(cat /proc/self/cgroup)" = 0::/ ]
	for controller in cpu io memory pids; do
		has_controller "$controller"
		grep -qw "$controller" /sys/fs/cgroup/cgroup.subtree_control
	done
}

@test "an overlay writes to its upper layer on a tmpfs and hides what was removed" {
	mkdir "$T/lower" "$T/upper" "$T/work" "$T/merged"
	echo below >"$T/lower/kept"
	echo below >"$T/lower/gone"
	mount -t overlay -o "lowerdir=$T/lower,upperdir=$T/upper,workdir=$T/work" overlay "$T/merged"
	echo above >"$T/merged/new"
	rm "$T/merged/gone"
	run cat "$T/merged/kept"
	[ "$output" = below ]
	[ ! -e "$T/merged/gone" ]
	[ "$(stat -c %F "$T/upper/gone")" = "character special file" ] # the whiteout
	[ "$(cat "$T/upper/new")" = above ]
	umount "$T/merged"
}

@test "this machine's root can be the lower layer" {
	mkdir "$T/upper" "$T/work" "$T/merged"
	mount -t overlay -o "lowerdir=/usr,upperdir=$T/upper,workdir=$T/work" overlay "$T/merged"
	run "$T/merged/bin/true"
	[ "$status" -eq 0 ]
	umount "$T/merged"
}

@test "two network namespaces reach each other over a bridge" {
	ip link add lab0 type bridge
	ip link set lab0 up
	ip netns add a
	ip netns add b
	for name in a b; do
		ip link add "out$name" type veth peer name eth0 netns "$name"
		ip link set "out$name" master lab0 up
		ip -n "$name" link set eth0 up
	done
	ip -n a address add 10.9.0.1/24 dev eth0
	ip -n b address add 10.9.0.2/24 dev eth0
	run wait_until 5 ip netns exec a busybox ping -c 1 -W 1 10.9.0.2
	ip netns delete a
	ip netns delete b
	ip link delete lab0
	[ "$status" -eq 0 ]
}

@test "who takes more than memory.max is killed, and the group counts it" {
	local group=/sys/fs/cgroup/ground.$BATS_TEST_NUMBER
	mkdir "$group"
	echo 16M >"$group/memory.max"
	run bash -c "echo \$\$ >$group/cgroup.procs; exec dd bs=64M count=1 if=/dev/zero of=/dev/null"
	[ "$status" -eq 137 ]
	grep -qx 'oom_kill 1' "$group/memory.events"
	rmdir "$group"
}

@test "pids.max stops the fork that would be one too many" {
	local group=/sys/fs/cgroup/ground.$BATS_TEST_NUMBER
	mkdir "$group"
	echo 1 >"$group/pids.max"
	run sh -c "echo \$\$ >$group/cgroup.procs; (:)"
	[ "$status" -ne 0 ]
	grep -qx 'max [1-9][0-9]*' "$group/pids.events"
	rmdir "$group"
}

@test "the tree is here at its own path" {
	[ -x "$TREE/tests/lab/boot" ]
	[ "$(hostname)" = lab ]
}
