#!/usr/bin/env bats
# top.bats: who runs in a container and in a pod: top, pod top, their descriptors and words,
# held against what the kernel says of the same processes.

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
}

# column NAME DESCRIPTOR…: what top says of the first process.
column() { runpod top "$@" | sed -n 2p; }

status_of() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$(ctr_pid "$1")/status"; }

@test "the usual columns: the processes of a container, numbered as it numbers them" {
	runpod run -d --network none --name "$P" busybox sh -c 'sleep 1001 & exec sleep 1000'
	two() { [ "$(runpod top "$P" | wc -l)" -eq 3 ]; }
	wait_until 5 two
	run runpod top "$P"
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" =~ ^USER\ +PID\ +PPID\ +%CPU\ +ELAPSED\ +TTY\ +TIME\ +COMMAND$ ]]
	[[ "${lines[1]}" =~ ^root\ +1\ +0\ +[0-9.]+\ +[0-9hmsµ.]+\ +\?\ +0s\ +sleep\ 1000$ ]]
	[[ "${lines[2]}" =~ ^root\ +([0-9]+)\ +1\ .*\ sleep\ 1001$ ]]
	# the same number as the container's own /proc has
	[ "$(runpod exec "$P" cat "/proc/${BASH_REMATCH[1]}/cmdline" | tr '\0' ' ')" = "sleep 1001 " ]
	# exec's programs are among them; the host's number is another
	runpod exec -d "$P" sleep 1002
	three() { runpod top "$P" | grep -q 'sleep 1002'; }
	wait_until 5 three
	[ "$(column "$P" hpid,pid | tr -s ' ')" = "$(ctr_pid "$P") 1" ]
	[ "$(runpod container top "$P" pid | head -n 1)" = PID ]
	[[ "$(runpod top -l comm)" == COMMAND* ]]
}

@test "descriptors: all that are listed work; names, codes, commas" {
	runpod run -d --network none --name "$P" busybox sleep 1000
	all=$(runpod top --list-descriptors)
	[ "$(sort -c <<<"$all" && wc -l <<<"$all")" -eq 32 ]
	for name in args capbnd capeff capinh capprm comm etime group groups hgroup hpid huser label nice pcpu pgid pid ppid \
		rgroup ruser seccomp state stime time tty user vsz; do
		grep -qx "$name" <<<"$all"
	done
	# shellcheck disable=SC2086
	run runpod top "$P" $all
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	[ "$(runpod top "$P" "$(paste -sd, <<<"$all")" | head -n 1 | tr -s ' ')" = "$(tr -s ' ' <<<"${lines[0]}")" ]
	[ "$(column "$P" %p %U,%a | tr -s ' ')" = "1 root sleep 1000" ]
	run runpod top "$P" bogus
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: 'bogus': unknown descriptor"* ]]
	run runpod top "$P" pid,user bogus
	[[ "$output" == "Error: 'bogus': unknown descriptor"* ]]
}

@test "what a descriptor says is what the kernel says" {
	runpod run -d --network none --name "$P" --user 1000:100 --group-add 10 busybox sleep 1000
	[ "$(column "$P" uid,user,ruser,group,rgroup,pgid,ppid,state | tr -s ' ')" = "1000 1000 1000 users users 1 0 S" ]
	[ "$(column "$P" hgroups)" = "$(status_of "$P" Groups | sed 's/ *$//' | tr ' ' ,)" ]
	if [ -n "$(status_of "$P" Groups | tr -d ' ')" ]; then # not where the user namespace has one id
		column "$P" groups | grep -q '[0-9a-z]'
	fi
	[ "$(column "$P" huid)" = "$(status_of "$P" Uid | cut -f 2)" ]
	[ "$(column "$P" huser)" = "$(getent passwd "$(status_of "$P" Uid | cut -f 2)" | cut -d: -f1 | grep . || status_of "$P" Uid | cut -f 2)" ]
	[ "$(column "$P" rss)" = "$(status_of "$P" VmRSS | tr -d ' kB')" ]
	[ "$(column "$P" vsz)" = "$(status_of "$P" VmSize | tr -d ' kB')" ]
	[ "$(column "$P" capeff,capprm,capinh,capamb,seccomp | tr -s ' ')" = "none none none none filter" ]
	[ "$(column "$P" capbnd)" = CHOWN,DAC_OVERRIDE,FOWNER,FSETID,KILL,NET_BIND_SERVICE,SETFCAP,SETGID,SETPCAP,SETUID,SYS_CHROOT ]
	[ "$(date -d "$(column "$P" stime | sed 's/ +0000 UTC/Z/')" +%s)" -ge $(($(date +%s) - 60)) ]
	runpod run -d -t --network none --name "$P-2" --cap-drop all --cap-add kill --security-opt seccomp=unconfined busybox sleep 1000
	renice -n 5 -p "$(ctr_pid "$P-2")"
	[ "$(column "$P-2" capeff)" = KILL ]
	[ "$(column "$P-2" tty)" = pts/0 ]
	[ "$(column "$P-2" seccomp,nice,comm | tr -s ' ')" = "disabled 5 sleep" ]
	runpod run -d --network none --name "$P-3" --privileged busybox sleep 1000
	[ "$(column "$P-3" capeff)" = full ]
	# time on the CPU
	runpod run -d --network none --name "$P-4" busybox sh -c 'while :; do :; done'
	busy() { [ "$(column "$P-4" time)" != 0s ] && awk '{ exit !($1 > 5) }' <<<"$(column "$P-4" pcpu)"; }
	wait_until 20 busy
}

@test "names come from the container's files and from nowhere else" {
	printf 'evil:x:0:0:::\n' >"$T/evil"
	runpod run -d --network none --name "$P" busybox sleep 1000
	[ "$(column "$P" user)" = root ]
	runpod exec "$P" sh -c 'echo "boss:x:0:0:::" >/etc/passwd'
	[ "$(column "$P" user)" = boss ]
	runpod exec "$P" ln -sf "$T/evil" /etc/passwd # leads to nothing inside, to our file outside
	[ "$(column "$P" user)" = 0 ]
	runpod exec "$P" ln -sf "../../../../../..$T/evil" /etc/passwd
	[ "$(column "$P" user)" = 0 ]
	runpod exec "$P" sh -c 'rm /etc/passwd; mkfifo /etc/passwd'
	[ "$(RUNPOD_TIMEOUT=5 column "$P" user)" = 0 ] # nobody writes: it must not wait
	# an argument may be anything: a row stays a row
	runpod run -d --network none --name "$P-2" busybox sh -c $'sleep 1000\n:\tx'
	[ "$(column "$P-2" pid,args | tr -s ' ')" = "1 sh -c sleep 1000 : x" ]
}

@test "pod top: each container's processes; shared ones once" {
	runpod pod create --name "$P" --network none
	runpod run -d --pod "$P" --name "$P-a" busybox sleep 1001
	runpod run -d --pod "$P" --name "$P-b" busybox sleep 1002
	run runpod pod top "$P"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ] # infra, a, b
	[[ "${lines[0]}" =~ ^USER\ +PID\ +PPID ]]
	[ "$(runpod pod top "$P" pid,args | grep -c '^1 *sleep 100[12]$')" -eq 2 ]
	[ "$(runpod pod top -l args | sort | paste -sd,)" = "/pause,COMMAND,sleep 1001,sleep 1002" ]
	# with the host's pid namespace: its own processes, by the host's numbers, and not the host's
	runpod run -d --pod "$P" --pid host --name "$P-h" busybox sleep 1005
	[ "$(runpod top "$P-h" pid,args | tail -n +2 | tr -s ' ')" = "$(ctr_pid "$P-h") sleep 1005" ]
	[ "$(runpod pod top "$P" args | tail -n +2 | wc -l)" -eq 4 ]

	runpod pod create --name "$P-s" --share +pid --network none
	runpod run -d --pod "$P-s" --name "$P-c" busybox sleep 1003
	runpod run -d --pod "$P-s" --name "$P-d" busybox sleep 1004
	[ "$(runpod pod top "$P-s" args | tail -n +2 | sort | paste -sd,)" = "/pause,sleep 1003,sleep 1004" ]
	[ "$(runpod pod top "$P-s" pid | tail -n +2 | sort -u | wc -l)" -eq 3 ]
	# who is in one pid namespace sees all of it
	[ "$(runpod top "$P-c" args | tail -n +2 | sort | paste -sd,)" = "/pause,sleep 1003,sleep 1004" ]
	[ "$(runpod top "$P-c" user,args | grep -c '^root .*sleep')" -eq 2 ] # each name from its own container's files
}

@test "options of ps: the ps of the image reads them; its own line is not shown" {
	runpod run -d --network none --name "$P" busybox sleep 1000
	run runpod top "$P" -o pid,args
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" =~ PID\ +COMMAND ]]
	[ "${#lines[@]}" -eq 2 ]
	[[ "${lines[1]}" =~ 1\ sleep\ 1000 ]]
	run runpod top "$P" "-o pid,comm"
	[[ "${lines[1]}" =~ 1\ sleep ]]
	run runpod top "$P" -eo bogus
	[ "$status" -eq 125 ]
	[[ "$output" == *"Error: ps(1) failed with exit code 1"* ]]
	runpod exec "$P" rm /bin/ps
	run -127 runpod top "$P" -ef
	[[ "$output" == *"executing ps(1) in the container: "* ]]
}

@test "the words for what is wrong" {
	says() { # TEXT ARGUMENT…
		local text=$1
		shift
		run runpod "$@"
		[ "$status" -eq 125 ]
		[ "$output" = "Error: $text" ]
	}
	says 'you must provide the name or id of a running container' top
	says 'you must provide the name or id of a running pod' pod top
	says 'unable to look up requested container: no container with name or ID "nosuch" found: no such container' top nosuch
	runpod create --network none --name "$P" busybox true
	says 'top can only be used on running containers' top "$P"
	runpod pod create --name "$P-p" --network none
	run runpod pod top "$P-p"
	[ "$status" -eq 125 ]
	[[ "$output" == *'at least one running container' ]]
	run runpod pod top nosuch
	[[ "$output" == 'Error: unable to look up requested pod: '*'no such pod' ]]
}
