#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; bats sets $stderr
#
# cgroup.bats: one group a pod, a leaf for each container, processes only in leaves, and nothing
# of it afterwards. What limits do is tested in the lab; here, that one that cannot be set is an
# error and not forgotten. As an ordinary user the group is delegated (tests/lib/isolated).

load ../lib/common

setup() {
	common_setup
	skip_unless host "no cgroup2 that we may write to" test -w "$(cgroup_root)"
	NAME=$(rnd)
}

# group_of PID: its directory, as the host sees it.
group_of() { echo "$(cgroup_root)$(sed -n 's/^0:://p' "/proc/$1/cgroup")"; }

infra_pid() { ctr_pid "$(runpod pod inspect --format '{{.InfraContainerID}}' "$1")"; }

id_of() { runpod inspect --format '{{.Id}}' "$1"; }

pod_with_two() {
	ID=$(runpod pod create --name "$NAME")
	runpod run -d --pod "$NAME" --name "$NAME-a" pause
	runpod run -d --pod "$NAME" --name "$NAME-b" busybox sh -c 'sleep 1000 & sleep 1001 & wait'
}

no_groups() { [ -z "$(find "$(cgroup_root)" -mindepth 1 -path '*runpod/*')" ]; }

@test "one group a pod, with a leaf for each container, infra too" {
	local pod pid
	pod_with_two
	pod=$(dirname "$(group_of "$(ctr_pid "$NAME-a")")")
	[[ $pod == */runpod/$ID ]]
	for pid in $(infra_pid "$NAME") $(ctr_pid "$NAME-a") $(ctr_pid "$NAME-b"); do
		[ "$(dirname "$(group_of "$pid")")" = "$pod" ]
		grep -qx "$pid" "$(group_of "$pid")/cgroup.procs"
	done
	[ "$(basename "$(group_of "$(ctr_pid "$NAME-a")")")" = "$(id_of "$NAME-a")" ]
	[ "$(cgroup_root)/$(runpod pod inspect --format '{{.CgroupPath}}' "$NAME")" = "$pod" ]
}

@test "processes live in leaves only, and what a container starts is in its own" {
	local pod group pid command all
	pod_with_two
	pod=$(dirname "$(group_of "$(ctr_pid "$NAME-b")")")
	three() { [ "$(wc -l <"$(group_of "$(ctr_pid "$NAME-b")")/cgroup.procs")" -eq 3 ]; }
	wait_until 5 three
	for group in $(find "$pod" -type d) "$(dirname "$pod")"; do
		if [ -n "$(find "$group" -mindepth 1 -type d)" ]; then
			[ -z "$(cat "$group/cgroup.procs")" ] || { echo "in $group: $(cat "$group/cgroup.procs")"; return 1; }
		fi
	done
	# exec's programs are the container's too
	runpod exec -d "$NAME-b" sleep 1002
	four() { [ "$(wc -l <"$(group_of "$(ctr_pid "$NAME-b")")/cgroup.procs")" -eq 4 ]; }
	wait_until 5 four
	# and nobody of the pod is elsewhere: the supervisor alone stands outside (see docs/HACKING.md)
	all=$(left_processes)
	while read -r _ pid command; do
		pid=${pid%:}
		[[ $command == *supervisor* || $(group_of "$pid") == "$pod"/* ]] ||
			{ echo "$pid is in $(group_of "$pid"): $command"; return 1; }
	done <<<"$all"
}

@test "a process is born in its group: the first line it writes says so" {
	runpod run -d --name "$NAME" --cgroupns host busybox sh -c 'cat /proc/self/cgroup; sleep 1000'
	group_told() { [[ $(runpod logs "$NAME") == *"0::"*"/$(id_of "$NAME")"* ]]; }
	wait_until 5 group_told
}

@test "groups go with what they hold: container, stop, rm" {
	local a b
	pod_with_two
	a=$(group_of "$(ctr_pid "$NAME-a")") b=$(group_of "$(ctr_pid "$NAME-b")")
	runpod rm -f -t 0 "$NAME-a"
	[ ! -e "$a" ]
	[ -d "$b" ]
	runpod pod stop -t 0 "$NAME"
	[ ! -e "$b" ]
	wait_until 5 no_groups
	runpod pod start "$NAME"
	[ -d "$(group_of "$(ctr_pid "$NAME-b")")" ]
	runpod pod rm -f -t 0 "$NAME"
	wait_until 5 no_groups
	[ ! -e "$(dirname "$(dirname "$a")")" ] # runpod's own group too, with the last pod
}

@test "a container that leaves processes behind: the group's end is theirs" {
	local group
	runpod run -d --name "$NAME" --pid host busybox sh -c 'setsid sleep 4243 & sleep 0.1; exit 3'
	[ "$(runpod wait "$NAME")" = 3 ]
	no_orphan() { [[ $(left_processes) != *'sleep 4243'* ]]; }
	wait_until 5 no_orphan
	wait_until 5 no_groups
}

@test "--cgroup-parent: the pod's group is made below it, and it goes too when it was made" {
	runpod pod create --name "$NAME" --cgroup-parent "/$NAME/deep"
	runpod pod start "$NAME"
	[[ $(group_of "$(infra_pid "$NAME")") == *"/$NAME/deep/"* ]]
	runpod pod rm -f -t 0 "$NAME"
	group_gone() { [ -z "$(find "$(cgroup_root)" -path "*/$NAME/deep/*")" ]; }
	wait_until 5 group_gone
	find "$(cgroup_root)" -depth -type d -path "*/$NAME*" -exec rmdir {} +
}

@test "a container's own cgroup namespace: / is its group, in /proc and in /sys" {
	run runpod run --rm busybox sh -c 'grep ^0:: /proc/self/cgroup; cat /sys/fs/cgroup/cgroup.procs; find /sys/fs/cgroup -mindepth 1 -type d'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 0::/ ]
	[ "${lines[1]}" = 1 ]
	[ "${lines[2]}" -gt 1 ] # sh and its cat; no directory follows
	[ "${#lines[@]}" -eq 3 ]

	# in a pod with siblings it is no different
	pod_with_two
	run runpod exec "$NAME-b" sh -c 'grep ^0:: /proc/1/cgroup; find /sys/fs/cgroup -mindepth 1 -type d; wc -l </sys/fs/cgroup/cgroup.procs'
	[ "${lines[0]}" = 0::/ ]
	[ "${#lines[@]}" -eq 2 ]
	run runpod exec "$NAME-b" sh -c 'echo 1 >/sys/fs/cgroup/cgroup.freeze'
	[ "$status" -ne 0 ]
	[[ $output == *'Read-only file system'* ]]
	differ_ns "$(ctr_pid "$NAME-a")" "$(ctr_pid "$NAME-b")" cgroup
	differ_ns "$(ctr_pid "$NAME-b")" $$ cgroup
}

@test "--cgroupns host shows the whole path" {
	run runpod run --rm --cgroupns host busybox grep ^0:: /proc/self/cgroup
	[[ $output =~ ^0::/.*runpod/[0-9a-f]{64}/[0-9a-f]{64}$ ]]
}

# refuses FILE OPTION…: on a host without that controller, run and pod start say so and leave nothing.
refuses() {
	local file=$1 controller=${1%%.*}
	shift
	run --separate-stderr runpod run -d --name "$NAME" "$@" pause
	[ "$status" -eq 125 ] || { echo "$*: status $status"; return 1; }
	[ -z "$output" ]
	[[ $stderr == "Error: start $NAME: "*"/$file: "*"the $controller controller of cgroup v2 is not available here"* ]] ||
		{ echo "$*: $stderr"; return 1; }
	wait_until 5 nothing_runs
	runpod rm "$NAME"
}

nothing_runs() { [ -z "$(left_processes)$(left_interfaces)" ] && no_groups; }

lacks() { ! has_controller "$1"; }

@test "a limit whose controller is not here: an error that names it, and nothing is left" {
	if lacks memory; then
		refuses memory.max --memory 64m
		refuses memory.low --memory-reservation 32m
	fi
	if lacks cpu; then
		refuses cpu.max --cpus 0.5
		refuses cpu.weight --cpu-shares 512
	fi
	lacks pids && refuses pids.max --pids-limit 64
	lacks cpuset && refuses cpuset.cpus --cpuset-cpus 0
	if has_controller memory && has_controller cpu && has_controller pids && has_controller cpuset; then
		skip "host: every controller is here"
	fi
}

@test "the same for a pod's own group; without the limit it starts" {
	skip_unless host "the memory controller is here" lacks memory
	runpod pod create --name "$NAME" --memory 64m
	run runpod pod start "$NAME"
	[ "$status" -eq 125 ]
	[[ $output == *'the memory controller of cgroup v2 is not available here'* ]]
	wait_until 5 nothing_runs
	[ "$(runpod pod inspect --format '{{.State}} {{.Memory}}' "$NAME")" = 'Created 67108864' ]
	run runpod run -d --pod "$NAME" --name "$NAME-a" pause
	[ "$status" -eq 125 ]
	wait_until 5 nothing_runs
}

@test "where nothing was asked for, the default of pids.max is no reason to fail" {
	skip_unless host "the pids controller is here" lacks pids
	runpod run --rm busybox true
	runpod run --rm --pids-limit -1 busybox true
}

@test "impossible limits are refused before anything is made" {
	refused() {
		run runpod run -d --name "$NAME" "$@" pause
		[ "$status" -eq 125 ]
		[[ $output == Error:* ]]
		run ! runpod container exists "$NAME"
	}
	refused --memory lots
	refused --memory -1m
	refused --cpus x
	refused --cpus 1 --cpu-quota 1000
	refused --memory 64m --memory-swap 32m
	refused --pids-limit many
}

@test "pause and unpause freeze one container's group and no other" {
	pod_with_two
	frozen() { grep -qx 'frozen 1' "$(group_of "$(ctr_pid "$1")")/cgroup.events"; }
	[ "$(runpod pause "$NAME-b")" = "$NAME-b" ]
	frozen "$NAME-b"
	run ! frozen "$NAME-a"
	[ "$(runpod inspect --format '{{.State.Status}} {{.State.Paused}}' "$NAME-b")" = 'paused true' ]
	run runpod pause "$NAME-b"
	[ "$status" -eq 125 ]
	[[ $output == *'container state improper'* ]]
	run runpod exec "$NAME-b" true
	[ "$status" -ne 0 ]
	[ "$(runpod unpause "$NAME-b")" = "$NAME-b" ]
	run ! frozen "$NAME-b"
	runpod exec "$NAME-b" true
	runpod pause "$NAME-b"
	runpod rm -f -t 0 "$NAME-b" # also from the ice
}

@test "a group that was frozen or filled from outside does not jam rm" {
	local group started
	pod_with_two
	group=$(group_of "$(ctr_pid "$NAME-b")")
	mkdir "$group/nested"
	echo 1 >"$(dirname "$group")/cgroup.freeze"
	started=${EPOCHREALTIME/./}
	runpod pod rm -f -t 0 "$NAME"
	[ $((${EPOCHREALTIME/./} - started)) -lt 5000000 ]
	[ ! -e "$group" ]
	wait_until 5 no_groups
}
