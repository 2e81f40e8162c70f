#!/usr/bin/env bats
# stats.bats: what stats shows on a kernel whose cgroup v2 has all controllers: memory, block IO and
# processes, held against the cgroup's files; limits of the container, of its pod, of the machine.
# lab: user

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
}

group_of() { # CONTAINER: the directory of its cgroup
	echo "$(cgroup_root)$(sed -n 's/^0:://p' "/proc/$(ctr_pid "$1")/cgroup")"
}

counter() { runpod stats --no-stream --format "{{.$1}}" "$2"; }

@test "memory: what the group holds, of its own limit, its pod's, the machine's" {
	runpod pod create --name "$P" --network none --memory 96m
	# what it writes into a tmpfs is its memory
	runpod run -d --pod "$P" --name "$P-a" --memory 64m busybox \
		sh -c 'head -c 20971520 /dev/zero >/dev/shm/a; echo full; exec sleep 1000'
	runpod run -d --pod "$P" --name "$P-b" busybox sh -c 'head -c 31457280 /dev/zero >/dev/shm/b; echo full; exec sleep 1000'
	runpod run -d --network none --name "$P-c" busybox sleep 1000
	for ctr in "$P-a" "$P-b"; do
		wait_until 30 log_says "$ctr" full
		agree() {
			local before after shown
			before=$(cat "$(group_of "$ctr")/memory.current")
			shown=$(runpod stats --no-stream --format '{{.MemUsageBytes}}' "$ctr")
			after=$(cat "$(group_of "$ctr")/memory.current")
			[ "$before" = "$after" ] && [ "${shown%% /*}" = "$(awk -v n="$after" 'BEGIN { printf "%.4gMiB", n / 1048576 }')" ]
		}
		wait_until 10 agree
		[ "$(cat "$(group_of "$ctr")/memory.current")" -gt 20971520 ]
	done
	[[ "$(counter MemUsage "$P-a")" == *" / 67.11MB" ]]
	[ "$(counter MemLimit "$P-b")" = 100663296 ] # the pod's: there is no more for it
	[ "$(counter MemLimit "$P-c")" = $(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) * 1024)) ]
	awk -v p="$(counter MemPerc "$P-a" | tr -d %)" 'BEGIN { exit !(p > 30 && p < 50) }'
}

@test "processes: pids.current, also while there are many" {
	runpod run -d --network none --name "$P" busybox sh -c 'for i in 1 2 3 4 5 6 7; do sleep 1000 & done; exec sleep 1000'
	eight() { [ "$(counter PIDS "$P")" = 8 ]; }
	wait_until 20 eight
	[ "$(cat "$(group_of "$P")/pids.current")" = 8 ]
	[ "$(runpod top "$P" pid | wc -l)" -eq 9 ]
}

@test "block IO: the sum over io.stat; all columns are filled, nothing is said on stderr" {
	skip_unless_controller io
	runpod pod create --name "$P" --network none
	runpod run -d --pod "$P" --name "$P-a" busybox sh -c 'echo started; exec sleep 1000'
	wait_until 10 log_says "$P-a" started
	group=$(group_of "$P-a")
	read -r in out < <(awk '{ for (i = 2; i <= NF; i++) { split($i, kv, "="); sum[kv[1]] += kv[2] } }
		END { print sum["rbytes"] + 0, sum["wbytes"] + 0 }' "$group/io.stat")
	[ "$(counter BlockInput "$P-a") $(counter BlockOutput "$P-a")" = "$in $out" ]
	run --separate-stderr runpod pod stats --no-stream "$P"
	[ "$status" -eq 0 ]
	# shellcheck disable=SC2154 # bats sets it
	[ -z "$stderr" ]
	[[ "$output" != *--* ]]
	[[ "${lines[2]}" =~ $P-a\ +[0-9.]+%\ +[0-9.]+[kM]B\ /\ [0-9.]+[MG]B\ +[0-9.]+%\ +0B\ /\ 0B\ +[0-9.]+k?B\ /\ [0-9.]+k?B\ +1$ ]]
}
