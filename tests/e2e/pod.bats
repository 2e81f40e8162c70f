#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; bats sets $stderr
#
# pod.bats: the verbs on pods: create start stop restart kill pause unpause rm prune ps inspect
# exists ns, and run --pod new:NAME. What a verb says is compared with what the kernel shows.

load ../lib/common

infra_of() { runpod pod inspect --format '{{.InfraContainerID}}' "$1"; }
infra_pid() { ctr_pid "$(infra_of "$1")"; }
state_of() { runpod pod inspect --format '{{.State}}' "$1"; }
in_state() { [ "$(state_of "$1")" = "$2" ]; }
ctr_status() { runpod inspect --format '{{.State.Status}}' "$1"; }
ctr_is() { [ "$(ctr_status "$1")" = "$2" ]; }

# lives NAME…: starts a container that lives and ends at once on SIGTERM, in pod $POD.
lives() {
	local name
	for name; do
		runpod run -d --pod "$POD" --name "$name" pause >/dev/null
	done
}

# ---- create ------------------------------------------------------------------------------

@test "create prints the id; the name comes from --name, the argument, or is made up" {
	local a b
	a=$(rnd) b=$(rnd)

	run --separate-stderr runpod pod create --name "$a"
	[ "$status" -eq 0 ]
	[[ $output =~ ^[0-9a-f]{64}$ ]]
	[ -z "$stderr" ]
	[ "$(runpod pod inspect --format '{{.Id}} {{.Name}}' "$a")" = "$output $a" ]

	run runpod pod create "$b"
	[ "$status" -eq 0 ]
	[ "$(runpod pod inspect --format '{{.Name}}' "$output")" = "$b" ]

	run runpod pod create
	[ "$status" -eq 0 ]
	[[ $(runpod pod inspect --format '{{.Name}}' "$output") =~ ^[a-z]+_[a-z]+$ ]]
	[ "$(runpod pod ps -q | wc -l)" -eq 3 ]
}

@test "create starts nothing: no process, cgroup, interface or port" {
	local name port
	name=$(rnd) port=$(free_port)

	runpod pod create --name "$name" -p "$port:80"
	[ "$(state_of "$name")" = Created ]
	[ -z "$(left_processes)" ]
	[ -z "$(left_cgroups)" ]
	[ -z "$(left_interfaces)" ]
	[ -z "$(left_ports)" ]
}

@test "create refuses what cannot be, and leaves nothing" {
	local name
	name=$(rnd)
	runpod pod create --name "$name"

	refused() { # TEXT ARG…
		local text=$1
		shift
		run --separate-stderr runpod pod create "$@"
		[ "$status" -eq 125 ] || { echo "$*: status $status"; return 1; }
		[ -z "$output" ]
		[[ $stderr == "Error: "*"$text"* ]] || { echo "$*: $stderr"; return 1; }
	}
	refused "the pod name \"$name\" is in use by" --name "$name"
	refused 'is in use by' "$name"
	refused 'cannot specify --name and NAME at the same time' --name a b
	refused 'accepts at most 1 arg(s), received 2' a b
	refused 'names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*' --name ../x
	refused 'invalid kernel namespace to share: bogus. Options are: cgroup, ipc, net, pid, uts or none' --share bogus
	refused 'unable to find network with name or ID nope: network not found' --network nope
	refused 'invalid pod exit policy: "x"' --exit-policy x
	refused '"sometimes" is not a valid restart policy' --restart sometimes
	refused 'cannot replace pod without --name being set' --replace
	refused 'you must have an infra container to publish port bindings to the host' --infra=false --share none -p 80
	refused 'cannot set share(ipc,net,uts) namespaces without an infra container' --infra=false --share ipc,net,uts
	refused 'cannot set infra-name without an infra container' --infra=false --infra-name x
	refused 'port numbers must be between 1 and 65535 (inclusive), got 0' -p 80:0
	refused 'unknown flag: --bogus' --bogus
	refused "See 'runpod pod create --help'" --bogus
	refused 'flag needs an argument: --name' --name
	refused 'No such file or directory' -v "$T/missing:/x"
	[ "$(runpod pod ps -q | wc -l)" -eq 1 ]
	[ "$(find "$T/root/pods" -mindepth 1 -maxdepth 1 | wc -l)" -eq 1 ]
	[ "$(find "$T/root/names" -type l -o -type f | wc -l)" -eq 4 ] # the pod's name and id, its infra's
}

@test "create: hostname, labels, names and infra name show in inspect and inside" {
	local name
	name=$(rnd)
	printf 'three=3\n' >"$T/labels"

	runpod pod create --name "$name" --hostname far --label one=1 -l two=2 --label-file "$T/labels" \
		--infra-name "$name-holder" --add-host db:10.1.2.3 --dns 192.0.2.53 --dns-search example.org \
		--dns-option ndots:3
	[ "$(runpod pod inspect --format '{{.Hostname}}' "$name")" = far ]
	[ "$(runpod pod inspect --format '{{.Labels}}' "$name")" = 'map[one:1 three:3 two:2]' ]
	[ "$(runpod pod inspect --format '{{.InfraConfig.HostAdd}} {{.InfraConfig.DNSServer}} {{.InfraConfig.DNSSearch}} {{.InfraConfig.DNSOption}}' "$name")" = \
		'[db:10.1.2.3] [192.0.2.53] [example.org] [ndots:3]' ]
	[ "$(runpod inspect --format '{{.Id}}' "$name-holder")" = "$(infra_of "$name")" ]

	run runpod run --rm --pod "$name" busybox sh -c 'hostname; cat /etc/hostname /etc/hosts /etc/resolv.conf'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = far ]
	[ "${lines[1]}" = far ]
	[[ $output == *$'10.1.2.3\tdb'* ]]
	[[ $output == *'nameserver 192.0.2.53'* ]]
	[[ $output == *'search example.org'* ]]
	[[ $output == *'options ndots:3'* ]]
}

@test "the hostname of a pod is its name; its containers cannot have another" {
	POD=$(rnd)
	runpod pod create --name "$POD"
	[ "$(runpod run --rm --pod "$POD" busybox hostname)" = "$POD" ]
	run runpod run --rm --pod "$POD" --hostname other busybox hostname
	[ "$status" -eq 125 ]
	[[ $output == *'cannot set hostname when joining the pod UTS namespace'* ]]
}

@test "/etc/hosts is the pod's: its own line, one for each container, gone with the container" {
	POD=$(rnd)
	runpod pod create --name "$POD"
	lives "$POD-a" "$POD-b"
	runpod run -d --pod "$POD" --name "$POD-see" busybox sleep 1000

	run runpod exec "$POD-see" cat /etc/hosts
	[[ $output == *"$POD "*-infra* ]]
	[[ $output == *$'127.0.0.1\t'"$POD-a"$'\n'* ]]
	[[ $output == *$'127.0.0.1\t'"$POD-b"$'\n'* ]]
	runpod rm -f -t 0 "$POD-a"
	run runpod exec "$POD-see" cat /etc/hosts
	[[ $output != *"$POD-a"* ]]
	[[ $output == *"$POD-b"* ]]
}

@test "--replace takes the place of a pod that runs" {
	local old pid
	POD=$(rnd)
	old=$(runpod pod create --name "$POD")
	lives "$POD-a"
	pid=$(ctr_pid "$POD-a")

	run runpod pod create --replace --name "$POD"
	[ "$status" -eq 0 ]
	[ "$output" != "$old" ]
	[ "$(runpod pod inspect --format '{{.Id}} {{.State}} {{.NumContainers}}' "$POD")" = "$output Created 1" ]
	run ! runpod pod exists "$old"
	run ! runpod container exists "$POD-a"
	wait_until 5 gone "$pid"
}

@test "--pod-id-file is written by create and read by run, start, stop and rm" {
	local id
	id=$(runpod pod create --pod-id-file "$T/id")
	[ "$(cat "$T/id")" = "$id" ]

	run runpod pod create --pod-id-file "$T/id"
	[ "$status" -eq 125 ]
	[[ $output == *'pod id file exists'* ]]
	[ "$(runpod pod ps -q | wc -l)" -eq 1 ]

	runpod run -d --pod-id-file "$T/id" --name "$(rnd)" pause
	[ "$(runpod pod inspect --format '{{.NumContainers}} {{.State}}' "$id")" = "2 Running" ]
	[ "$(runpod pod stop --pod-id-file "$T/id")" = "$id" ]
	in_state "$id" Exited
	[ "$(runpod pod start --pod-id-file "$T/id")" = "$id" ]
	in_state "$id" Running
	[ "$(runpod pod rm -f --pod-id-file "$T/id")" = "$id" ]
	run ! runpod pod exists "$id"
}

# ---- namespaces --------------------------------------------------------------------------

# share ARGUMENT SHARED…: with --share ARGUMENT two containers share exactly these with infra.
share() {
	local name kind infra a b
	name=$(rnd)
	runpod pod create --name "$name" ${1:+--share "$1"} >/dev/null
	POD=$name lives "$name-a" "$name-b"
	a=$(ctr_pid "$name-a") b=$(ctr_pid "$name-b") infra=$(infra_pid "$name")
	shift
	for kind in net ipc uts pid cgroup; do
		case " $* " in
		*" $kind "*)
			same_ns "$a" "$b" $kind || return 1
			same_ns "$a" "$infra" $kind || return 1
			differ_ns "$a" $$ $kind || return 1 ;;
		*)
			differ_ns "$a" "$b" $kind || return 1
			differ_ns "$a" "$infra" $kind || return 1 ;;
		esac
	done
	differ_ns "$a" "$b" mnt
	[ "$(runpod pod inspect --format '{{.SharedNamespaces}}' "$name")" = "[$(printf '%s\n' "$@" | sort | xargs)]" ]
}

@test "infra holds new net, ipc and uts namespaces; its program is the sealed pause" {
	local pid
	POD=$(rnd)
	runpod pod create --name "$POD"
	runpod pod start "$POD"
	pid=$(infra_pid "$POD")
	differ_ns "$pid" $$ net ipc uts mnt
	same_ns "$pid" $$ pid
	[[ $(readlink "/proc/$pid/exe") == /memfd:pause* ]]
	[ "$(runpod inspect --format '{{.IsInfra}} {{.Path}}' "$(infra_of "$POD")")" = 'true /pause' ]
}

@test "--share: net, ipc and uts where nothing is said" { share '' net ipc uts; }
@test "--share net" { share net net; }
@test "--share ipc" { share ipc ipc; }
@test "--share uts" { share uts uts; }
@test "--share pid" { share pid pid; }
@test "--share +pid adds" { share +pid net ipc uts pid; }
@test "--share ipc,net,uts,pid,cgroup: everything there is" { share ipc,net,uts,pid,cgroup net ipc uts pid cgroup; }

@test "--share pid: pause is process 1 of the pod, and the containers see each other" {
	POD=$(rnd)
	runpod pod create --name "$POD" --share net,ipc,uts,pid
	runpod run -d --pod "$POD" --name "$POD-a" busybox sleep 4242
	run runpod run --rm --pod "$POD" busybox ps -o pid,args
	[ "$status" -eq 0 ]
	[[ $output =~ (^|$'\n')[[:space:]]+1[[:space:]]/pause ]]
	[[ $output == *'sleep 4242'* ]]
}

@test "--share none and --infra=false: no infra, and nothing is shared" {
	local name kind
	for kind in --share=none --infra=false; do
		name=$(rnd)
		if [ $kind = --infra=false ]; then # podman wants both words
			runpod pod create --name "$name" --infra=false --share none
		else
			runpod pod create --name "$name" --share none
		fi
		[ "$(runpod pod inspect --format '{{.CreateInfra}} {{.NumContainers}} {{.InfraContainerID}}' "$name")" = 'false 0 ' ]
		POD=$name lives "$name-a" "$name-b"
		differ_ns "$(ctr_pid "$name-a")" "$(ctr_pid "$name-b")" net ipc uts pid mnt cgroup
		[ "$(runpod pod inspect --format '{{.NumContainers}} {{.State}}' "$name")" = '2 Running' ]
		runpod pod rm -f -t 0 "$name"
	done
}

@test "--infra=true with --share none: an infra that nobody joins" {
	POD=$(rnd)
	runpod pod create --name "$POD" --infra=true --share none
	lives "$POD-a"
	[ "$(runpod pod inspect --format '{{.NumContainers}}' "$POD")" = 2 ]
	differ_ns "$(ctr_pid "$POD-a")" "$(infra_pid "$POD")" net ipc uts
}

@test "--network host, --uts host, --pid host: infra and its containers stay in the host's" {
	POD=$(rnd)
	runpod pod create --name "$POD" --network host --uts host --share net,uts,ipc
	lives "$POD-a"
	same_ns "$(infra_pid "$POD")" $$ net uts
	same_ns "$(ctr_pid "$POD-a")" $$ net uts
	differ_ns "$(ctr_pid "$POD-a")" $$ ipc pid
	[ "$(runpod pod inspect --format '{{.InfraConfig.HostNetwork}}' "$POD")" = true ]

	POD=$(rnd)
	runpod pod create --name "$POD" --pid host --share net,pid
	lives "$POD-a"
	same_ns "$(ctr_pid "$POD-a")" $$ pid
}

@test "a container may leave what the pod shares" {
	POD=$(rnd)
	runpod pod create --name "$POD"
	runpod run -d --pod "$POD" --name "$POD-a" --ipc private --uts private pause
	differ_ns "$(ctr_pid "$POD-a")" "$(infra_pid "$POD")" ipc uts
	same_ns "$(ctr_pid "$POD-a")" "$(infra_pid "$POD")" net
}

@test "/dev/shm is the pod's, 64 MiB, and outlives a container; --shm-size changes it" {
	POD=$(rnd)
	runpod pod create --name "$POD"
	runpod run --rm --pod "$POD" busybox sh -c 'echo kept >/dev/shm/note'
	run runpod run --rm --pod "$POD" busybox sh -c 'cat /dev/shm/note; df -k /dev/shm | tail -n 1; stat -c %a /dev/shm'
	[ "${lines[0]}" = kept ]
	[[ ${lines[1]} == *' 65536 '* ]]
	[ "${lines[2]}" = 1777 ]

	POD=$(rnd)
	runpod pod create --name "$POD" --shm-size 1m
	run runpod run --rm --pod "$POD" busybox df -k /dev/shm
	[[ ${lines[1]} == *' 1024 '* ]]
}

@test "--sysctl of the pod is set in the namespaces that it shares" {
	POD=$(rnd)
	runpod pod create --name "$POD" --sysctl net.ipv4.ip_default_ttl=42 --sysctl kernel.msgmax=4321
	run runpod run --rm --pod "$POD" busybox cat /proc/sys/net/ipv4/ip_default_ttl /proc/sys/kernel/msgmax
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = '42 4321' ]
	run runpod pod create --sysctl kernel.panic=1
	[ "$status" -eq 125 ]
	[[ $output == *'sysctl "kernel.panic" is not allowed'* ]]
}

@test "ns: the inode numbers are the kernel's, shared ones are marked" {
	local a infra kind
	POD=$(rnd)
	runpod pod create --name "$POD"
	lives "$POD-a"
	a=$(ctr_pid "$POD-a") infra=$(infra_pid "$POD")

	run runpod pod ns "$POD"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^CONTAINER\ +PID\ +net\ +ipc\ +uts\ +pid\ +mnt\ +cgroup\ +user$ ]]
	[[ ${lines[1]} =~ -infra\ +$infra\  ]]
	[[ ${lines[2]} =~ ^$POD-a\ +$a\  ]]
	for kind in net ipc uts; do
		[[ ${lines[1]} == *" $(ns_inode "$infra" $kind)*"* ]]
		[[ ${lines[2]} == *" $(ns_inode "$infra" $kind)*"* ]]
	done
	for kind in pid mnt cgroup; do
		[[ ${lines[2]} =~ \ $(ns_inode "$a" $kind)(\ |$) ]]
	done
	[[ ${lines[1]} == *" $(ns_inode $$ pid)h"* ]]
	[[ ${lines[3]} == '* '* ]]

	run runpod pod ns --format json "$POD"
	[ "$(jq -r '.[1].Namespaces.net.Inode' <<<"$output")" = "$(ns_inode "$a" net)" ]
	[ "$(jq -r '.[1].Namespaces | to_entries | map(select(.value.Shared and .key != "user").key) | sort | join(" ")' <<<"$output")" = 'ipc net uts' ]
	run runpod pod ns --latest --format '{{.Name}} {{.Pid}}'
	[ "${lines[1]}" = "$POD-a $a" ]

	runpod pod stop -t 0 "$POD"
	run runpod pod ns "$POD"
	[[ ${lines[2]} =~ ^$POD-a\ +0\ +-\ +-\ +-\ +-\ +-\ +-\ +-$ ]]
}

# ---- states ------------------------------------------------------------------------------

@test "states: Created, Running, Degraded, Paused, Exited, Stopped" {
	POD=$(rnd)
	runpod pod create --name "$POD"
	in_state "$POD" Created
	runpod pod start "$POD"
	in_state "$POD" Running
	lives "$POD-a" "$POD-b"
	in_state "$POD" Running
	runpod stop "$POD-a"
	in_state "$POD" Degraded
	runpod start "$POD-a"
	in_state "$POD" Running
	runpod pod stop "$POD"
	in_state "$POD" Exited
	runpod create --pod "$POD" --name "$POD-c" pause
	in_state "$POD" Stopped
	runpod pod start "$POD"
	in_state "$POD" Running
}

@test "pause freezes every container's group; unpause thaws it" {
	skip_unless host "no cgroup for us here" has_group
	POD=$(rnd)
	runpod pod create --name "$POD"
	lives "$POD-a" "$POD-b"
	[ "$(runpod pod pause "$POD")" = "$POD" ]
	in_state "$POD" Paused
	ctr_is "$POD-a" paused
	frozen "$(ctr_pid "$POD-a")"
	frozen "$(ctr_pid "$POD-b")"
	frozen "$(infra_pid "$POD")"
	[ "$(runpod pod unpause "$POD")" = "$POD" ]
	in_state "$POD" Running
	run ! frozen "$(ctr_pid "$POD-b")"
	runpod pod pause "$POD"
	runpod pod stop "$POD" # also from the ice
	in_state "$POD" Exited
}

has_group() { [ -w "$(cgroup_root)" ] || [ "$(id -u)" = 0 ]; }
frozen() {
	grep -qx 'frozen 1' "$(cgroup_root)$(sed -n 's/^0:://p' "/proc/$1/cgroup")/cgroup.events"
}

# ---- start, stop, restart, kill ----------------------------------------------------------

@test "start echoes what was typed; a second start changes nothing; --all gives full ids" {
	local one two id pid
	one=$(rnd) two=$(rnd)
	id=$(runpod pod create --name "$one")
	runpod pod create --name "$two"
	run runpod pod start "$one" "${id:0:12}"
	[ "$status" -eq 0 ]
	[ "$output" = "$one"$'\n'"${id:0:12}" ]
	pid=$(infra_pid "$one")
	run runpod pod start --all
	[ "$(sort <<<"$output")" = "$(runpod pod ps -q --no-trunc | sort)" ]
	[ "$(infra_pid "$one")" = "$pid" ]
	in_state "$two" Running
}

@test "--latest is the pod made last" {
	local one two
	one=$(rnd) two=$(rnd)
	runpod pod create --name "$one"
	runpod pod create --name "$two"
	runpod pod start --latest
	in_state "$one" Created
	in_state "$two" Running
	runpod pod stop -l
	in_state "$two" Exited
	runpod pod rm -l
	run ! runpod pod exists "$two"
	runpod pod exists "$one"
}

@test "an unknown pod, no pod, too many ways to name one: clear errors" {
	local verb
	for verb in start stop restart kill pause unpause; do
		run runpod pod $verb nothing
		[ "$status" -eq 125 ]
		[ "$output" = 'Error: no pod with name or ID nothing found: no such pod' ]
		run runpod pod $verb
		[ "$status" -eq 125 ]
		[[ $output == *'you must provide at least one name or id'* ]]
		run runpod pod $verb --all --latest
		[[ $output == *'--all and --latest cannot be used together'* ]]
		run runpod pod $verb --latest x
		[[ $output == *'--latest and pods cannot be used together'* ]]
	done
	run runpod pod stop --ignore nothing
	[ "$status" -eq 0 ]
	run runpod pod rm nothing
	[ "$status" -eq 1 ]
	[[ $output == *'no such pod' ]]
	run runpod pod rm --ignore nothing
	[ "$status" -eq 0 ]
	run runpod pod inspect nothing
	[ "$status" -eq 125 ]
	[ "${lines[0]}" = '[]' ]
	[[ ${lines[1]} == *'no such pod' ]]
}

@test "one of several unknown: the others are done, and the status tells" {
	POD=$(rnd)
	runpod pod create --name "$POD"
	run --separate-stderr runpod pod start nothing "$POD"
	[ "$status" -eq 125 ]
	[ "$output" = "$POD" ]
	[[ $stderr == *'no such pod'* ]]
	in_state "$POD" Running
}

@test "stop ends the containers, then infra; cgroups and interfaces go, records stay" {
	local a infra
	POD=$(rnd)
	runpod pod create --name "$POD"
	lives "$POD-a"
	a=$(ctr_pid "$POD-a") infra=$(infra_pid "$POD")
	[ "$(runpod pod stop "$POD")" = "$POD" ]
	gone "$a"
	gone "$infra"
	wait_until 5 nothing_runs # the supervisor leaves too
	[ -z "$(left_interfaces)" ]
	[ "$(runpod inspect --format '{{.State.Status}} {{.State.ExitCode}} {{.State.Pid}}' "$POD-a")" = 'exited 0 0' ]
	[ "$(runpod pod stop "$POD")" = "$POD" ] # again: nothing to do
}

@test "stop -t: SIGTERM first, SIGKILL after the time, with a word about it" {
	local started took
	POD=$(rnd)
	runpod pod create --name "$POD"
	runpod run -d --pod "$POD" --name "$POD-deaf" busybox sleep 1000 # process 1: SIGTERM has no effect
	started=${EPOCHREALTIME/./}
	run --separate-stderr runpod pod stop -t 1 "$POD"
	took=$((${EPOCHREALTIME/./} - started))
	[ "$status" -eq 0 ]
	[ "$output" = "$POD" ]
	[[ $stderr == *"StopSignal SIGTERM failed to stop container $POD-deaf in 1 seconds, resorting to SIGKILL"* ]]
	[ $took -ge 900000 ]
	[ $took -lt 5000000 ]
	[ "$(runpod inspect --format '{{.State.ExitCode}}' "$POD-deaf")" = 137 ]

	runpod pod start "$POD"
	started=${EPOCHREALTIME/./}
	runpod pod stop -t 0 "$POD"
	[ $((${EPOCHREALTIME/./} - started)) -lt 900000 ]
}

@test "start after stop: new namespaces, the same containers and their writable layers" {
	local before
	POD=$(rnd)
	runpod pod create --name "$POD"
	runpod run -d --pod "$POD" --name "$POD-a" --init busybox sh -c 'echo x >>/runs; sleep 1000'
	wait_until 5 runpod exec "$POD-a" test -s /runs
	before=$(ctr_pid "$POD-a")
	runpod pod stop "$POD"
	runpod pod start "$POD"
	[ "$(ctr_pid "$POD-a")" != "$before" ]
	in_state "$POD" Running
	same_ns "$(ctr_pid "$POD-a")" "$(infra_pid "$POD")" net ipc uts
	two_runs() { [ "$(runpod exec "$POD-a" cat /runs)" = $'x\nx' ]; }
	wait_until 5 two_runs
}

@test "restart: everything gets a new process; a stopped pod starts" {
	local a infra
	POD=$(rnd)
	runpod pod create --name "$POD"
	lives "$POD-a"
	a=$(ctr_pid "$POD-a") infra=$(infra_pid "$POD")
	[ "$(runpod pod restart "$POD")" = "$POD" ]
	[ "$(ctr_pid "$POD-a")" != "$a" ]
	[ "$(infra_pid "$POD")" != "$infra" ]
	gone "$a"
	gone "$infra"
	in_state "$POD" Running
	same_ns "$(ctr_pid "$POD-a")" "$(infra_pid "$POD")" net ipc uts
	runpod pod stop "$POD"
	run runpod pod restart --all
	[ "$status" -eq 0 ]
	[[ $output =~ ^[0-9a-f]{64}$ ]]
	in_state "$POD" Running
}

@test "kill: SIGKILL for all, infra too; nothing is started again" {
	POD=$(rnd)
	runpod pod create --name "$POD" --restart always
	lives "$POD-a" "$POD-b"
	[ "$(runpod pod kill "$POD")" = "$POD" ]
	wait_until 5 in_state "$POD" Exited
	[ "$(runpod inspect --format '{{.State.ExitCode}}' "$POD-a" "$POD-b")" = $'137\n137' ]
	[ "$(runpod inspect --format '{{.RestartCount}}' "$POD-a")" = 0 ]
}

@test "kill -s: by name, SIGname and number; the signal arrives; nonsense is refused" {
	local signal
	POD=$(rnd)
	runpod pod create --name "$POD"
	runpod run -d --pod "$POD" --name "$POD-a" busybox \
		sh -c 'trap "echo x >>/got" USR1; echo ready >/got; while :; do sleep 0.05; done'
	wait_until 5 runpod exec "$POD-a" test -s /got
	lines_got() { [ "$(runpod exec "$POD-a" grep -c x /got)" = "$1" ]; }
	runpod pod kill -s USR1 "$POD"
	wait_until 5 lines_got 1
	runpod pod kill --signal SIGUSR1 "$POD"
	wait_until 5 lines_got 2
	runpod pod kill -s 10 "$POD"
	wait_until 5 lines_got 3
	in_state "$POD" Running
	for signal in BOGUS 65; do
		run runpod pod kill -s $signal "$POD"
		[ "$status" -eq 125 ]
		[[ $output == *'valid signals are 1 through 64'* || $output == *"invalid signal: $signal"* ]]
	done
	runpod pod kill -s TERM "$POD" # the shell goes on, pause ends
	ctr_is "$POD-a" running
}

@test "--restart of the pod is its containers' policy" {
	POD=$(rnd)
	runpod pod create --name "$POD" --restart on-failure:1
	runpod run -d --pod "$POD" --name "$POD-a" busybox false
	[ "$(runpod wait "$POD-a")" = 1 ]
	[ "$(runpod inspect --format '{{.RestartCount}}' "$POD-a")" = 1 ]
	runpod run -d --pod "$POD" --name "$POD-b" --restart no busybox false
	[ "$(runpod wait "$POD-b")" = 1 ]
	[ "$(runpod inspect --format '{{.RestartCount}}' "$POD-b")" = 0 ]
}

@test "--exit-policy stop: the pod stops with its last container; continue: infra stays" {
	POD=$(rnd)
	runpod pod create --name "$POD" --exit-policy stop
	lives "$POD-a" "$POD-b"
	runpod stop "$POD-a"
	in_state "$POD" Degraded
	runpod stop "$POD-b"
	wait_until 5 in_state "$POD" Exited

	POD=$(rnd)
	runpod pod create --name "$POD" --exit-policy continue
	lives "$POD-a"
	runpod stop "$POD-a"
	in_state "$POD" Degraded
	alive "$(infra_pid "$POD")"
}

# ---- a pod starts whole or not at all ----------------------------------------------------

@test "a pod whose second container cannot start is undone whole, and says why" {
	POD=$(rnd)
	runpod pod create --name "$POD" -p "$(free_port):80"
	runpod create --pod "$POD" --name "$POD-good" pause
	runpod create --pod "$POD" --name "$POD-bad" busybox /no/such/program
	run -127 runpod pod start "$POD"
	[[ $output == "Error: start $POD-bad: "*'/no/such/program'* ]]
	wait_until 5 nothing_runs
	[ -z "$(left_interfaces)" ]
	[ -z "$(left_ports)" ]
	[ "$(runpod pod inspect --format '{{.State}}' "$POD")" = Created ]
	runpod rm "$POD-bad"
	runpod pod start "$POD"
	in_state "$POD" Running
}

nothing_runs() { [ -z "$(left_processes)" ] && [ -z "$(left_cgroups)" ]; }

@test "every step of a start, made to fail: named in the error, undone, and the next start works" {
	local step port
	POD=$(rnd) port=$(free_port)
	runpod pod create --name "$POD" -p "$port:80"
	runpod create --pod "$POD" --name "$POD-a" pause
	steps=(streams listen spawn publish go)
	[ ! -w "$(cgroup_root)" ] || steps+=(cgroup)
	[ "$(id -u)" = 0 ] && steps+=(lease bridge attach)
	for step in "${steps[@]}"; do
		RUNPOD_FAILPOINT=$step:error:1 run runpod pod start "$POD"
		[ "$status" -eq 125 ] || { echo "$step: status $status: $output"; return 1; }
		[[ $output == *"step $step was made to fail"* ]]
		wait_until 5 nothing_runs
		[ -z "$(left_interfaces)$(left_ports)" ]
	done
	runpod pod start "$POD"
	in_state "$POD" Running
}

@test "run --pod new:NAME makes the pod, gives it the ports, and is undone if the container fails" {
	local name port
	name=$(rnd) port=$(free_port)
	runpod run -d --pod "new:$name" --name "$name-a" -p "$port:80" pause
	[ "$(runpod pod inspect --format '{{.NumContainers}} {{.State}} {{.InfraConfig.PortBindings}}' "$name")" = \
		"2 Running map[80/tcp:[{0.0.0.0 $port}]]" ]
	same_ns "$(ctr_pid "$name-a")" "$(infra_pid "$name")" net ipc uts

	name=$(rnd)
	run runpod run -d --pod "new:$name" no-such-image
	[ "$status" -eq 125 ]
	[[ $output == *'no-such-image: image not known'* ]]
	run ! runpod pod exists "$name"
	run -127 runpod run -d --pod "new:$name" busybox /no/such/program
	run ! runpod pod exists "$name"
	run runpod run -d --pod new: busybox true
	[ "$status" -eq 125 ]
	run runpod run -d --pod nothing busybox true
	[ "$status" -eq 125 ]
	[[ $output == *'no pod with name or ID nothing found: no such pod'* ]]
}

@test "a container cannot publish ports of its own in a pod" {
	POD=$(rnd)
	runpod pod create --name "$POD"
	run runpod run -d --pod "$POD" -p 80 pause
	[ "$status" -eq 125 ]
	[[ $output == *'published or exposed ports must be defined when the pod is created'* ]]
	[ "$(runpod pod inspect --format '{{.NumContainers}}' "$POD")" = 1 ]
}

# ---- rm, prune ---------------------------------------------------------------------------

@test "rm: refused while containers run, with a line for each; -f takes all" {
	local id a
	POD=$(rnd)
	id=$(runpod pod create --name "$POD")
	lives "$POD-a"
	a=$(ctr_pid "$POD-a")
	run runpod pod rm "$POD"
	[ "$status" -eq 125 ]
	[ "${lines[0]}" = "Error: not all containers could be removed from pod $id: removing pod containers" ]
	[[ ${lines[1]} == 'cannot remove container '*' as it is running - running or paused containers cannot be removed without force: container state improper' ]]
	alive "$a"
	[ "$(runpod pod rm -f "$POD")" = "$POD" ]
	run ! runpod pod exists "$POD"
	run ! runpod container exists "$POD-a"
	wait_until 5 gone "$a"
	[ "$(runpod pod rm -f "$POD")" = '' ] # what is not there is no error with -f
}

@test "rm of a pod with only infra running, of a stopped one, of several, of all" {
	local one two three
	one=$(rnd) two=$(rnd) three=$(rnd)
	for POD in "$one" "$two" "$three"; do
		runpod pod create --name "$POD"
	done
	runpod pod start "$one"
	POD=$two lives "$two-a"
	runpod pod stop "$two"
	run runpod pod rm "$one" "$two"
	[ "$status" -eq 0 ]
	[ "$output" = "$one"$'\n'"$two" ]
	run runpod pod rm -a
	[[ $output =~ ^[0-9a-f]{64}$ ]]
	[ -z "$(runpod pod ps -q)" ]
}

@test "infra alone cannot be removed" {
	POD=$(rnd)
	runpod pod create --name "$POD"
	run runpod rm -f "$(infra_of "$POD")"
	[ "$status" -ne 0 ]
	[[ $output == *'is the infra container of pod '*' and cannot be removed without removing the pod' ]]
	runpod pod start "$POD"
	in_state "$POD" Running
}

@test "prune takes pods that have ended, and no others" {
	local one two
	one=$(rnd) two=$(rnd)
	runpod pod create --name "$one"
	runpod pod create --name "$two"
	POD=$one lives "$one-a"
	POD=$two lives "$two-a"
	runpod pod stop "$two"
	runpod pod prune -f
	run ! runpod pod exists "$two"
	in_state "$one" Running
}

# ---- ps, inspect, exists -----------------------------------------------------------------

@test "ps: headers, one row a pod, newest first; list and ls are the same" {
	local one two id infra
	one=$(rnd) two=$(rnd)
	id=$(runpod pod create --name "$one")
	runpod pod create --name "$two"
	infra=$(infra_of "$one")
	run runpod pod ps
	[[ ${lines[0]} =~ ^POD\ ID\ +NAME\ +STATUS\ +CREATED\ +INFRA\ ID\ +#\ OF\ CONTAINERS$ ]]
	[[ ${lines[1]} =~ ^[0-9a-f]{12}\ +$two\ +Created ]]
	[[ ${lines[2]} =~ ^${id:0:12}\ +$one\ +Created\ +.*ago\ +${infra:0:12}\ +1$ ]]
	[ "${#lines[@]}" -eq 3 ]
	[ "$(runpod pod ls -q)" = "$(runpod pod list -q)" ]
	run runpod pod ps -n
	[ "${#lines[@]}" -eq 2 ]
	run runpod pod ps --no-trunc -q
	[ "${lines[1]}" = "$id" ]
	run runpod pod ps --latest --format '{{.Name}}'
	[ "$output" = "$two" ]
	run runpod pod ps --sort name --format '{{.Name}}'
	[ "$output" = "$(printf '%s\n' "$one" "$two" | sort)" ]
	run runpod pod ps --sort bogus
	[ "$status" -eq 125 ]
}

@test "ps: containers' ids, names and states; cgroup and namespaces" {
	local a
	POD=$(rnd)
	runpod pod create --name "$POD"
	lives "$POD-a"
	a=$(runpod inspect --format '{{.Id}}' "$POD-a")
	run runpod pod ps --ctr-names --ctr-ids --ctr-status
	[[ ${lines[0]} =~ INFRA\ ID\ +IDS\ +NAMES\ +STATUS$ ]]
	[[ ${lines[1]} == *"${a:0:12}"*"-infra,$POD-a"*running,running* ]]
	run runpod pod ps --ns
	[[ ${lines[0]} =~ CGROUP\ +NAMESPACES\  ]]
	[[ ${lines[1]} == *ipc,net,uts* ]]
}

@test "ps --filter: id, name, status, label, ctr-names, ctr-ids, ctr-status, ctr-number; unknown ones are named" {
	local one two id
	one=$(rnd) two=$(rnd)
	id=$(runpod pod create --name "$one" --label tier=web)
	runpod pod create --name "$two"
	POD=$one lives "$one-a"
	only() { # FILTER…: shows the first pod and no other
		local args=() filter
		for filter; do
			args+=(--filter "$filter")
		done
		[ "$(runpod pod ps --format '{{.Name}}' "${args[@]}")" = "$one" ] || { echo "$*"; return 1; }
	}
	only "id=${id:0:10}"
	only "name=$one"
	only status=running
	only label=tier
	only label=tier=web
	only "ctr-names=$one-a"
	only "ctr-ids=$(runpod inspect --format '{{.Id}}' "$one-a")"
	only ctr-status=running
	only ctr-number=2
	only status=running name="$one"
	[ -z "$(runpod pod ps -q --filter status=running --filter name="$two")" ]
	[ "$(runpod pod ps -q --filter status=running --filter status=created | wc -l)" -eq 2 ]
	run runpod pod ps --filter bogus=1
	[ "$status" -eq 125 ]
	[[ $output == *bogus* ]]
}

@test "ps --format: templates, tables, json; an unknown field is an error that names it" {
	local id
	POD=$(rnd)
	id=$(runpod pod create --name "$POD" --label a=b)
	[ "$(runpod pod ps --format '{{.ID}}|{{.Name}}|{{.NumberOfContainers}}|{{.Labels}}')" = "${id:0:12}|$POD|1|map[a:b]" ]
	run runpod pod ps --format 'table {{.Name}}\t{{.Status}}'
	[[ ${lines[0]} =~ ^NAME\ +STATUS ]]
	[[ ${lines[1]} =~ ^$POD\ +Created ]]
	[ "$(runpod pod ps --format json | jq -r '.[0] | "\(.Id) \(.Name) \(.Status) \(.Containers | length) \(.Labels.a)"')" = "$id $POD Created 1 b" ]
	run runpod pod ps --format '{{.Nonsense}}'
	[ "$status" -eq 125 ]
	[[ $output == *Nonsense* ]]
}

@test "inspect: the keys that scripts know, several pods, --latest" {
	local id
	POD=$(rnd)
	id=$(runpod pod create --name "$POD" -p 8080:80)
	run runpod pod inspect "$POD"
	[ "$status" -eq 0 ]
	[ "$(jq -r '.[0] | [.Id, .Name, .State, .Hostname, .ExitPolicy, .CreateInfra, .NumContainers, .RestartPolicy] | join(" ")' <<<"$output")" = \
		"$id $POD Created $POD continue true 1 no" ]
	for key in Namespace Created CreateCommand Labels CreateCgroup CgroupParent CgroupPath InfraContainerID InfraConfig SharedNamespaces Containers; do
		[ "$(jq ".[0] | has(\"$key\")" <<<"$output")" = true ]
	done
	[ "$(jq -c '.[0].SharedNamespaces' <<<"$output")" = '["ipc","net","uts"]' ]
	[ "$(jq -r '.[0].CreateCommand[-1]' <<<"$output")" = 8080:80 ]
	[ "$(jq -c '.[0].InfraConfig.PortBindings' <<<"$output")" = '{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}]}' ]
	runpod pod create --name "$POD-2"
	[ "$(runpod pod inspect "$POD" "$POD-2" | jq -r '.[].Name' | xargs)" = "$POD $POD-2" ]
	[ "$(runpod pod inspect -l --format '{{.Name}}')" = "$POD-2" ]
	[ "$(runpod inspect --type pod --format '{{.Name}}' "$POD")" = "$POD" ]
}

@test "exists: 0 for name, id and unique prefix, 1 for nothing" {
	local id
	POD=$(rnd)
	id=$(runpod pod create --name "$POD")
	runpod pod exists "$POD"
	runpod pod exists "$id"
	runpod pod exists "${id:0:8}"
	run --separate-stderr runpod pod exists nothing
	[ "$status" -eq 1 ]
	[ -z "$output$stderr" ]
}

@test "a pod's record that does not parse is reported and passed over" {
	local id
	POD=$(rnd)
	runpod pod create --name "$POD"
	id=$(runpod pod create --name "$POD-torn")
	printf '{"Id": ' >"$T/root/pods/$id/pod.json"
	run --separate-stderr runpod pod ps --format '{{.Name}}'
	[ "$status" -eq 0 ]
	[ "$output" = "$POD" ]
	[[ $stderr == *"${id:0:12}"* ]]
	runpod pod rm -f "$id"
	[ ! -e "$T/root/pods/$id" ]
}
