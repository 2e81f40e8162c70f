#!/usr/bin/env bats
# stats.bats: what containers use: stats and pod stats, their columns, keys and words, held
# against the kernel's own counters; and the live table at a terminal, which tmux is.

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
}

teardown() {
	[ -z "${SOCKET-}" ] || terminal kill-server 2>/dev/null || :
	common_teardown
}

# group_of NAME: the directory of its cgroup; fails where it has none of its own.
group_of() {
	local group
	group=$(sed -n 's/^0:://p' "/proc/$(ctr_pid "$1")/cgroup")
	[[ "$group" == *"$(runpod inspect -f '{{.Id}}' "$1")" ]] && echo "$(cgroup_root)$group"
}

counter() { runpod stats --no-stream --format "{{.$1}}" "$2" 2>/dev/null; }

ONE='[0-9]+(\.[0-9]+)?'
SIZE="${ONE}[kMGT]?B"
PAIR="($SIZE|--) / ($SIZE|--)"

@test "pod stats: the columns, a row for each container that runs, a row of dashes without any" {
	run --separate-stderr runpod pod stats --no-stream
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "POD         CID         NAME        CPU %       MEM USAGE/ LIMIT  MEM %       NET IO      BLOCK IO    PIDS" ]
	[[ "${lines[1]}" =~ ^(--\ +){8}--$ ]]
	pod_id=$(runpod pod create --name "$P" --network none)
	a_id=$(runpod run -d --pod "$P" --name "$P-a" busybox sleep 1000)
	runpod run -d --pod "$P" --name "$P-b" busybox sleep 1000
	runpod create --pod "$P" --name "$P-made" busybox sleep 1000
	run --separate-stderr runpod pod stats --no-stream "$P"
	[ "${#lines[@]}" -eq 4 ] # infra, a, b
	row=$(grep -- "$P-a" <<<"$output")
	[[ "$row" =~ ^${pod_id:0:12}\ +${a_id:0:12}\ +$P-a\ +$ONE%\ +$PAIR\ +($ONE%|--)\ +$SIZE\ /\ $SIZE\ +$PAIR\ +1$ ]]
	# -a: also those that do not run, of which nothing is known
	run --separate-stderr runpod pod stats --no-stream -a
	[[ "$(grep -- "$P-made" <<<"$output")" =~ $P-made\ +--\ +--\ /\ --\ +--\ +--\ /\ --\ +--\ /\ --\ +--$ ]]
	[ "$(runpod pod stats -l --no-stream --no-trunc --format '{{.Pod}} {{.CID}}' 2>/dev/null | grep -c "^$pod_id ")" -eq 3 ]
}

@test "stats: the columns; who is meant: all that run, those named, -a, -l" {
	id=$(runpod run -d --network none --name "$P" busybox sleep 1000)
	runpod create --name "$P-made" busybox true
	run --separate-stderr runpod stats --no-stream
	[[ "${lines[0]}" =~ ^ID\ +NAME\ +'CPU %'\ +'MEM USAGE / LIMIT'\ +'MEM %'\ +'NET IO'\ +'BLOCK IO'\ +PIDS\ +'CPU TIME'\ +'AVG CPU %'$ ]]
	[ "${#lines[@]}" -eq 2 ]
	[[ "${lines[1]}" =~ ^${id:0:12}\ +$P\ +$ONE%\ +$PAIR\ +($ONE%|--)\ +'0B / 0B'\ +$PAIR\ +1\ +$ONE(m|µ)?s\ +$ONE%$ ]]
	[ "$(runpod container stats -a --no-stream --format '{{.Name}}' 2>/dev/null | sort)" = "$P"$'\n'"$P-made" ]
	[ "$(counter Name "${id:0:10}")" = "$P" ]
	[ "$(runpod stats -l --no-stream --no-trunc --format '{{.Name}} {{.PIDS}}')" = "$P-made --" ]
	[ "$(runpod stats --no-stream --no-trunc --format '{{.ID}}' "$P" 2>/dev/null)" = "$id" ]
}

@test "the words for what is wrong" {
	runpod run -d --network none --name "$P" busybox sleep 1000
	says() { # TEXT ARGUMENT…
		local text=$1
		shift
		run runpod "$@"
		[ "$status" -eq 125 ]
		[ "$output" = "Error: $text" ]
	}
	says 'unable to get list of containers: no container with name or ID "nosuch" found: no such container' stats --no-stream nosuch
	run runpod pod stats --no-stream nosuch
	[ "$status" -eq 125 ]
	[[ "$output" == 'Error: unable to get list of pods: '*nosuch*'no such pod' ]]
	says '--all, --latest and containers cannot be used together' stats -a "$P"
	says '--all, --latest and containers cannot be used together' stats -a -l
	says '--all, --latest and arguments cannot be used together' pod stats -l "$P"
	says 'invalid interval, must be a positive number greater zero' stats -i 0
	run --separate-stderr runpod stats --no-stream --format '{{.Nonsense}}'
	[ "$status" -eq 125 ]
	# shellcheck disable=SC2154 # bats sets it
	[[ "$stderr" == *Nonsense* ]]
}

@test "--format: json with podman's keys, templates, table" {
	runpod pod create --name "$P" --network none
	runpod run -d --pod "$P" --name "$P-c" busybox sleep 1000
	runpod stats --no-stream --format json "$P-c" 2>/dev/null >"$T/json"
	[ "$(jq -r 'length, (.[0] | keys_unsorted | join(" ")), .[0].name, .[0].pids' "$T/json" | paste -sd,)" = \
		"1,id name cpu_time cpu_percent avg_cpu mem_usage mem_percent net_io block_io pids,$P-c,1" ]
	runpod pod stats --no-stream --format json 2>/dev/null >"$T/json"
	[ "$(jq -r '.[1] | keys_unsorted | join(" ")' "$T/json")" = "CPU MemUsage MemUsageBytes Mem NetIO BlockIO PIDS Pod CID Name" ]
	[ "$(runpod pod stats --no-stream --format json nosuch 2>/dev/null || echo none)" = none ]
	run --separate-stderr runpod stats --no-stream --format 'table {{.Name}}\t{{.MemUsageBytes}}' "$P-c"
	[[ "${lines[0]}" =~ ^NAME\ +MEM\ USAGE\ /\ LIMIT$ ]]
	[ "$(runpod stats --no-stream --format '{{len .ContainerID}} {{.PIDs}}' "$P-c" 2>/dev/null)" = "64 1" ]
	runpod pod rm -f -t 0 "$P"
	[ "$(runpod stats --no-stream --format json)" = "[]" ]
}

@test "the numbers are the kernel's: CPU time, processes and threads, bytes on the network" {
	runpod run -d --network none --name "$P" busybox sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done; echo done; sleep 1000 & exec sleep 1001'
	wait_until 10 log_says "$P" "done"
	two() { [ "$(counter PIDS "$P")" = 2 ]; }
	wait_until 5 two
	if group=$(group_of "$P"); then
		cpu() { sed -n 's/^usage_usec //p' "$group/cpu.stat"; }
		threads() { wc -l <"$group/cgroup.threads"; }
	else # without a cgroup they are added up from /proc
		cpu() { echo 0; }
		threads() { echo 2; }
	fi
	before=$(cpu)
	nano=$(counter CPUNano "$P")
	[ "$nano" -gt 0 ]
	[ "$group" = "" ] || [ "$nano" -ge $((before * 1000)) ]
	[ "$group" = "" ] || [ "$nano" -le $(($(cpu) * 1000)) ]
	[ "$(counter PIDS "$P")" = "$(threads)" ]
	# traffic through an interface of its own counts, lo's does not
	runpod exec "$P" ping -c 1 -W 1 127.0.0.1 >/dev/null || :
	[ "$(counter NetIO "$P")" = "0B / 0B" ]
	# shellcheck disable=SC2016
	runpod run -d --network host --name "$P-h" busybox sleep 1000
	[ "$(counter NetIO "$P-h")" = "-- / --" ] # what the host sends is not its doing
}

@test "bytes through the pod's interface: those of its /proc/PID/net/dev, the same for all in the pod" {
	skip_unless_root
	port=$(free_port)
	runpod pod create --name "$P" -p "127.0.0.1:$port:80"
	runpod run -d --pod "$P" --name "$P-a" busybox sh -c 'head -c 300000 /dev/zero >/index.html; httpd -f -p 80 -h /'
	runpod run -d --pod "$P" --name "$P-b" busybox sleep 1000
	fetched() { curl -sf "http://127.0.0.1:$port/index.html" -o "$T/got"; }
	wait_until 10 fetched
	ip=$(runpod inspect -f '{{.NetworkSettings.IPAddress}}' "$P-a" 2>/dev/null) || ip=
	[ -z "$ip" ] || curl -sf "http://$ip/index.html" -o "$T/got" # over the bridge, so eth0 carries it
	agree() {
		local kernel
		kernel=$(awk '/eth0:/ { sub(/.*:/, ""); print $1, $9 }' "/proc/$(ctr_pid "$P-a")/net/dev")
		[ "$(counter NetInput "$P-a") $(counter NetOutput "$P-a")" = "$kernel" ] &&
			[ "$(counter NetInput "$P-b") $(counter NetOutput "$P-b")" = "$kernel" ]
	}
	wait_until 10 agree
}

@test "CPU %: since the start at first, then since the last look" {
	runpod run -d --network none --name "$P" -v "$T:/t" busybox sh -c 'until [ -e /t/go ]; do :; done; exec sleep 1000'
	client stats -i 1 --format '{{.CPUPerc}} {{.AVGCPU}}' "$P" >"$T/out" 2>/dev/null &
	pid=$!
	lines_of() { [ "$(wc -l <"$T/out")" -ge "$1" ]; }
	wait_until 5 lines_of 1
	: >"$T/go"
	wait_until 10 lines_of 3 # a whole second of sleep lies between the second and the third
	kill "$pid"
	cat "$T/out"
	tr -d % <"$T/out" | awk 'NR == 1 && ($1 < 5 || $1 - $2 > 2 || $2 - $1 > 2) { exit 1 }
		NR == 3 { exit !($1 < 5 && $2 > $1) }'
}

@test "a counter that is not there is --, and one line says why, once" {
	runpod run -d --network none --name "$P" busybox sleep 1000
	client stats -i 1 "$P" >"$T/out" 2>"$T/err" &
	pid=$!
	twice() { [ "$(grep -c "$P" "$T/out")" -ge 2 ]; }
	wait_until 10 twice
	kill "$pid"
	if group=$(group_of "$P") && [ -e "$group/memory.current" ] && [ -e "$group/io.stat" ]; then
		[ ! -s "$T/err" ]
		not grep -q -- '--' "$T/out"
	else
		[ "$(wc -l <"$T/err")" -eq 1 ]
		grep -q 'not counted: ' "$T/err"
		grep -q -- '-- / --' "$T/out"
	fi
	# the end of whoever reads is the end
	RUNPOD_TIMEOUT=10 runpod stats -i 1 "$P" 2>/dev/null | head -n 1
}

# ---- at a terminal ---------------------------------------------------------------------------

terminal() { env -u TMUX tmux -L "$SOCKET" -f /dev/null "$@" 3>&-; }
screen() { terminal capture-pane -p | sed 's/ *$//' | sed '/^$/d'; }
shows() { screen | grep -qF -- "$1"; }
shows_not() { not shows "$1" 2>/dev/null; }
type_line() { terminal send-keys -l -- "$1" && terminal send-keys Enter; }
settings() { stty -g -F "$(terminal display-message -p '#{pane_tty}')"; }
second_screen() { [ "$(terminal display-message -p '#{alternate_on}')" = "$1" ]; }
cursor() { [ "$(terminal display-message -p '#{cursor_flag}')" = "$1" ]; }

open_terminal() {
	skip_unless_tool tmux
	export TMUX_TMPDIR=$T
	SOCKET=$(rnd)
	printf '#!/bin/sh\nexec %q --root %q --runroot %q "$@"\n' "$RUNPOD" "$T/root" "$T/run" >"$T/rp"
	chmod 755 "$T/rp"
	terminal new-session -d -x 130 -y 20 "PATH=$T:\$PATH PS1='host> ' ENV= exec sh"
	terminal set-option -g status off
	wait_until 10 shows 'host>'
}

@test "the live table: drawn in place, q ends it, the terminal is as it was" {
	runpod pod create --name "$P" --network none
	runpod run -d --pod "$P" --name "$P-a" busybox sleep 1000
	open_terminal
	type_line 'echo marked; exec 2>/dev/null'
	wait_until 5 shows marked
	before=$(settings)
	type_line 'rp pod stats'
	wait_until 5 shows "$P-a"
	second_screen 1
	cursor 0
	shows_not marked
	[ "$(settings)" != "$before" ]
	[ "$(screen | grep -c 'CPU %')" -eq 1 ]
	runpod run -d --pod "$P" --name "$P-b" busybox sleep 1000
	wait_until 10 shows "$P-b" # a second later
	[ "$(screen | grep -c 'CPU %')" -eq 1 ]
	# a narrower window: lines are cut, none runs into the next
	terminal resize-window -x 40 -y 3
	three() { [ "$(screen | wc -l)" -eq 3 ] && screen | head -n 1 | grep -q '^POD'; }
	wait_until 5 three
	terminal resize-window -x 130 -y 20
	wait_until 5 shows PIDS
	wait_until 5 shows "$P-b"
	terminal send-keys -l q
	wait_until 5 second_screen 0
	wait_until 5 shows marked
	cursor 1
	[ "$(settings)" = "$before" ]
	type_line 'echo code="$?"'
	wait_until 5 shows code=0
}

@test "the live table: ^C, SIGTERM and ^Z leave the terminal as it was" {
	runpod run -d --network none --name "$P" busybox sleep 1000
	open_terminal
	type_line 'exec 2>/dev/null'
	before=$(settings)
	type_line 'rp stats'
	wait_until 5 shows "$P"
	terminal send-keys C-c
	wait_until 5 second_screen 0
	type_line 'echo code="$?"'
	wait_until 5 shows code=130
	cursor 1
	[ "$(settings)" = "$before" ]
	type_line 'rp stats; echo ended="$?"'
	wait_until 5 second_screen 1
	kill "$(pgrep -f -- "--root $T/root .* stats")"
	wait_until 5 shows ended=143
	second_screen 0
	cursor 1
	[ "$(settings)" = "$before" ]
	# ^Z gives the shell its terminal, fg takes it again
	type_line 'set -m'
	type_line 'rp stats'
	wait_until 5 second_screen 1
	terminal send-keys C-z
	wait_until 5 second_screen 0
	cursor 1
	type_line 'echo stop"ped"'
	wait_until 5 shows stopped
	type_line fg
	wait_until 5 second_screen 1
	wait_until 5 shows "$P"
	terminal send-keys -l q
	wait_until 5 second_screen 0
	[ "$(settings)" = "$before" ]
}

@test "--no-reset at a terminal: one table below the other; ended containers leave the live table" {
	runpod run -d --network none --name "$P" busybox sleep 1000
	open_terminal
	type_line 'exec 2>/dev/null'
	type_line 'rp stats --no-reset -i 1'
	twice() { [ "$(screen | grep -c 'CPU %')" -ge 2 ]; }
	wait_until 10 twice
	second_screen 0
	terminal send-keys C-c
	type_line 'clear; rp stats -i 1'
	wait_until 5 shows "$P"
	runpod rm -f -t 0 "$P"
	wait_until 10 shows_not "$P"
	shows 'CPU %'
	terminal send-keys -l q
	wait_until 5 second_screen 0
}
