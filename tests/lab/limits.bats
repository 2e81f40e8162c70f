#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test runs in a subshell of its own: that is wanted
# limits.bats: what a container may use, on a kernel whose cgroup v2 has all controllers: the
# files have the right values, and the kernel holds to them (R6 and R7 in docs/SECURITY.md).
# lab: user

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
}

group_of() { # CONTAINER: the directory of its cgroup
	local group
	group=$(sed -n 's/^0:://p' "/proc/$(ctr_pid "$1")/cgroup")
	echo "$(cgroup_root)$group"
}

limit() { # CONTAINER FILE
	cat "$(group_of "$1")/$2"
}

oom_killed() { runpod inspect --format '{{.State.OOMKilled}} {{.State.ExitCode}}' "$@"; }

@test "the files of a container's cgroup hold what was asked for" {
	runpod run -d --name "$P" --memory 32m --memory-reservation 16m --memory-swap 48m --cpus 0.5 --cpu-shares 512 \
		--pids-limit 64 busybox sleep 1000
	[ "$(limit "$P" memory.max)" = 33554432 ]
	[ "$(limit "$P" memory.low)" = 16777216 ]
	[ ! -e "$(group_of "$P")/memory.swap.max" ] || [ "$(limit "$P" memory.swap.max)" = 16777216 ]
	[ "$(limit "$P" cpu.max)" = '50000 100000' ]
	[ "$(limit "$P" cpu.weight)" = 59 ] # on the curve through 2 → 1, 1024 → 100, 262144 → 10000
	[ "$(limit "$P" pids.max)" = 64 ]
}

@test "unasked, only pids.max is there: 2048" {
	runpod run -d --name "$P" busybox sleep 1000
	[ "$(limit "$P" pids.max)" = 2048 ]
	[ "$(limit "$P" memory.max)" = max ]
	[ "$(limit "$P" cpu.max)" = 'max 100000' ]
}

@test "a pod's limits are on the pod's cgroup, which goes at stop and comes back at start" {
	local group
	runpod pod create --name "$P" --memory 64m --cpus 1.5
	runpod run -d --pod "$P" --name "$P-c" busybox sleep 1000
	group=$(group_of "$P-c")
	[ "$(cat "${group%/*}/memory.max")" = 67108864 ]
	[ "$(cat "${group%/*}/cpu.max")" = '150000 100000' ]
	[ "$(cat "$group/memory.max")" = max ]
	runpod pod stop -t 0 "$P"
	wait_until 5 [ ! -e "${group%/*}" ]
	runpod pod start "$P"
	[ "$(cat "${group%/*}/memory.max")" = 67108864 ]
}

@test "R6 who takes more than its memory is OOMKilled, 100 of 100; its sibling is unhurt" {
	local i pid hogs=()
	runpod pod create --name "$P" --network none
	runpod run -d --pod "$P" --name "$P-s" --memory 32m busybox sleep 1000
	pid=$(ctr_pid "$P-s")
	for i in $(seq 100); do # dd's one buffer is twice what it may have
		hogs+=("$P-$i")
		runpod create --pod "$P" --name "$P-$i" --memory 4m --memory-swap 4m busybox \
			dd if=/dev/zero of=/dev/null bs=8M count=1 >/dev/null
	done
	RUNPOD_TIMEOUT=200 runpod pod start "$P"
	RUNPOD_TIMEOUT=100 runpod wait "${hogs[@]}" >"$T/codes"
	[ "$(sort "$T/codes" | uniq -c | tr -s ' ')" = ' 100 137' ]
	[ "$(oom_killed "${hogs[@]}" | sort | uniq -c | tr -s ' ')" = ' 100 true 137' ]
	alive "$pid"
	[ "$(ctr_pid "$P-s")" = "$pid" ]
	grep -qx 'oom_kill 0' "$(group_of "$P-s")/memory.events"
}

@test "R6 a plain SIGKILL is never OOMKilled, also with a limit, also after a child was" {
	runpod run -d --name "$P" --memory 32m busybox sleep 1000
	runpod kill -s KILL "$P"
	runpod wait "$P"
	[ "$(oom_killed "$P")" = 'false 137' ]
	# the program lives on after its child was killed for want of memory; then somebody kills it
	runpod run -d --name "$P-2" --memory 32m --memory-swap 32m busybox \
		sh -c 'dd if=/dev/zero of=/dev/null bs=64M count=1; echo "child $?"; sleep 1000'
	wait_until 10 log_says "$P-2" 'child 137'
	runpod kill -s KILL "$P-2"
	runpod wait "$P-2"
	[ "$(oom_killed "$P-2")" = 'false 137' ]
	runpod run -d --name "$P-3" --memory 32m busybox sleep 1000
	kill -KILL "$(ctr_pid "$P-3")" # from outside
	runpod wait "$P-3"
	[ "$(oom_killed "$P-3")" = 'false 137' ]
	# both: a second after the child's end the supervisor knows that the program was not meant
	RUNPOD_TEST_CLOCK=1 runpod pod create --name "$P-pod" --network none
	RUNPOD_TEST_CLOCK=1 runpod run -d --pod "$P-pod" --name "$P-4" --memory 32m --memory-swap 32m busybox \
		sh -c 'dd if=/dev/zero of=/dev/null bs=64M count=1; echo "child $?"; sleep 1000'
	wait_until 10 log_says "$P-4" 'child 137'
	[ "$(runpod __clock "$P-pod" next)" = '1.000 -' ]
	kill -KILL "$(ctr_pid "$P-4")"
	runpod wait "$P-4"
	[ "$(oom_killed "$P-4")" = 'false 137' ]
}

@test "R7 a fork bomb in pids.max 64: at most 64, rm -f under 5 s, the host can still fork" {
	local started group most
	# shellcheck disable=SC2016
	runpod run -d --name "$P" --pids-limit 64 busybox sh -c '(b() { b | b & }; b) & exec sleep 1000' # the bomb is not its first program: that would end with it
	group=$(group_of "$P")
	full() { [ "$(cat "$group/pids.current")" -ge 60 ] || grep -qx 'max [1-9][0-9]*' "$group/pids.events"; }
	wait_until 20 full
	for _ in $(seq 20); do
		most=$(cat "$group/pids.current")
		[ "$most" -le 64 ]
		/bin/true
	done
	[ "$(cat "$group/pids.max")" = 64 ]
	grep -qx 'max [1-9][0-9]*' "$group/pids.events"
	started=$SECONDS
	runpod rm -f -t 0 "$P"
	[ $((SECONDS - started)) -lt 5 ]
	[ ! -e "$group" ]
}

@test "--cpus 0.2: a busy loop is throttled, and gets no more than its share" {
	local group before after
	runpod run -d --name "$P" --cpus 0.2 busybox sh -c 'while :; do :; done'
	group=$(group_of "$P")
	throttled() { [ "$(sed -n 's/^nr_throttled //p' "$group/cpu.stat")" -ge "$1" ]; }
	wait_until 20 throttled 5
	before="$(sed -n 's/^usage_usec //p' "$group/cpu.stat") ${EPOCHREALTIME/./}"
	wait_until 20 throttled 20
	after="$(sed -n 's/^usage_usec //p' "$group/cpu.stat") ${EPOCHREALTIME/./}"
	# a fifth of the time, with one period's inaccuracy
	awk -v a="$before" -v b="$after" 'BEGIN { split(a, x); split(b, y); share = (y[1] - x[1]) / (y[2] - x[2]); print share; exit !(share < 0.35) }'
}

@test "a limit that is no number, and one below what the kernel takes, is an error and not dropped" {
	run runpod run --rm --memory 1q busybox true
	[ "$status" = 125 ]
	run runpod run --rm --pids-limit x busybox true
	[ "$status" = 125 ]
	run runpod run --rm --cpus -1 busybox true
	[ "$status" = 125 ]
	[ -z "$(runpod ps -aq)" ]
}
