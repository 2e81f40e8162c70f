#!/usr/bin/env bats
# scripts: what scripts written for podman rely on, in exit codes, words and forms, and what is in no other file.

load ../lib/common

# quick ARG…: run --rm without a network.
quick() { runpod run --rm --network none "$@"; }

# fails STATUS TEXT ARG…
fails() {
	local status=$1 text=$2
	shift 2
	run -"$status" runpod "$@"
	[[ "$output" == *"$text"* ]] || { echo "no '$text' in: $output"; return 1; }
}

@test "--cgroupns=container:X: its namespace; it is a donor like the others; inspect says so" {
	donor=$(runpod run -d --name a --network none --cgroupns private busybox sleep 1000)
	inside=$(quick --cgroupns container:a busybox readlink /proc/self/ns/cgroup)
	[ "$inside" = "cgroup:[$(ns_inode "$(runpod inspect -f '{{.State.Pid}}' a)" cgroup)]" ]
	[ "$inside" != "$(readlink /proc/self/ns/cgroup)" ]
	runpod create --name b --network none --cgroupns container:a busybox true
	[ "$(runpod inspect -f '{{.HostConfig.CgroupMode}}' b)" = "container:$donor" ]
	runpod stop -t 0 a
	fails 125 "has dependent containers which must be removed before it" rm a
}

@test "--ipc=none: no /dev/shm at all, and nobody may join" {
	fails 1 "No such file or directory" run --name a --network none --ipc none busybox ls /dev/shm
	fails 125 "non-shareable IPC" run --rm --network none --ipc container:a busybox true
}

@test "--tz: the host's zone is in /etc/localtime; the last one wins; an unknown one is named, and nothing made" {
	skip_unless host "no time zones here" test -f /usr/share/zoneinfo/America/New_York
	[ "$(quick --tz Asia/Tokyo --tz America/New_York busybox date -d @1600000000)" = "Sun Sep 13 08:26:40 EDT 2020" ]
	[ "$(quick --tz local busybox date -d @1600000000 +%s%z)" = "$(env -u TZ date -d @1600000000 +%s%z)" ]
	run quick --tz America/New_York busybox sh -c 'echo >/etc/localtime'
	[[ "$output" == *"Read-only file system"* ]]
	for zone in No/where ../../etc/passwd America; do
		fails 125 "unknown time zone $zone" create --name a --tz "$zone" busybox
	done
	not runpod container exists a
}

@test "/run/.containerenv: empty; it tells a privileged container who it is; a bind mount on /run stays clean" {
	for options in "" --tmpfs=/run --read-only --init; do
		# shellcheck disable=SC2086 # none or one
		[ "$(quick $options busybox stat -c %s /run/.containerenv)" = 0 ]
	done
	mkdir "$T/mine"
	fails 1 "No such file" run --rm --network none -v "$T/mine:/run" busybox stat /run/.containerenv
	[ -z "$(ls -A "$T/mine")" ]
	run quick --privileged --name a busybox sh -c '. /run/.containerenv; echo "$engine" "$name" "$image" "$rootless ${#id} ${#imageid}"'
	[ "$output" = "runpod-$(runpod version -f '{{.Client.Version}}') a localhost/busybox:latest $((EUID != 0)) 64 64" ]
}

@test "--unsetenv and --unsetenv-all: of what is set unasked" {
	run quick --unsetenv container --unsetenv PATH --env A=b busybox /bin/env
	[ "$(cut -d= -f1 <<<"$output" | sort | xargs)" = "A HOME HOSTNAME" ]
	run quick -t --unsetenv-all --env TERM=abc busybox /bin/env
	[[ "$output" == *TERM=abc* && "$output" != *PATH=* && "$output" != *container=* ]]
}

@test "--attach stdin prints the id; -it without a terminal warns, -t or -i alone does not" {
	run --separate-stderr runpod run -a stdin --name a --network none busybox echo hello
	[ "$output" = "$(runpod inspect -f '{{.Id}}' a)" ]
	for verb in "run --rm --network none busybox" "exec b"; do
		[ "$verb" != "exec b" ] || runpod run -d --name b --network none busybox sleep 1000
		for flags in -it -t -i; do
			# shellcheck disable=SC2086 # words
			run --separate-stderr runpod ${verb/ / $flags } echo x </dev/null
			[[ "$output" == x* ]]
			# shellcheck disable=SC2154 # bats sets it
			[[ "$flags $stderr" == "-it The input device is not a TTY."* || "$flags" != -it && -z "$stderr" ]]
		done
	done
}

@test "the image's name is the one that was typed; its digest is in inspect" {
	runpod tag busybox localhost/some/other
	runpod tag busybox localhost/some/other:v2
	runpod create --name a localhost/some/other
	runpod create --name b localhost/some/other:v2
	runpod create --name c busybox
	runpod create --name d "$(runpod images -q busybox | head -n 1)"
	run runpod inspect -f '{{.ImageName}}' a b c d
	[ "${lines[*]}" = "localhost/some/other:latest localhost/some/other:v2 localhost/busybox:latest localhost/busybox:latest" ]
	[ "$(runpod ps -a --filter name=b --format '{{.Image}}')" = localhost/some/other:v2 ]
	[ "$(runpod inspect -f '{{.ImageDigest}}' a)" = "$(runpod image inspect -f '{{.Digest}}' busybox)" ]
}

@test "limits: -1 and their names in inspect; soft above hard is refused before anything is made" {
	runpod create --name a --ulimit core=-1:-1 busybox
	[ "$(runpod inspect -f '{{.HostConfig.Ulimits}}' a)" = "[{RLIMIT_CORE -1 -1}]" ]
	fails 125 'ulimit option "core=-1:1000" requires name=SOFT:HARD, failed to be parsed: ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: 1000' \
		create --name b --ulimit core=-1:1000 busybox
	not runpod container exists b
}

@test "--log-opt max-size: k is 1000, as inspect writes it" {
	runpod create --name a --log-opt max-size=3.017m busybox
	runpod create --name b --log-opt max-size=8000 busybox
	runpod create --name c busybox
	run runpod inspect -f '{{.HostConfig.LogConfig.Size}}' a b c
	[ "${lines[*]}" = "3.017MB 8kB 0B" ]
}

@test "a name with docker's slash in front" {
	runpod create --name /a busybox
	[ "$(runpod ps -a --filter 'name=^/a$' --format '{{.Names}}')" = a ]
	[ "$(runpod ps -a --filter 'name=^a$' --format '{{.Names}}')" = a ]
	fails 125 "that name is already in use, or use --replace to instruct runpod to do so" create --name /a busybox
	[ "$(runpod rm /a)" = /a ]
	fails 125 "names must match" create --name a/ busybox
	fails 125 "names must match" create --name b/a busybox
}

@test "wait for one that is started again for ever: the exit code of the round that ended" {
	for policy in always on-failure; do
		runpod run -d --restart "$policy" --network none --name "$policy" busybox false
		[ "$(runpod wait "$policy")" = 1 ]
	done
}

@test "exec: TERM with -t, unless one is set; -d of a command that is not there is our own error" {
	runpod run -d --name a --network none busybox sleep 1000
	runpod run -d --name b --network none --env TERM=given busybox sleep 1000
	[ "$(runpod exec a sh -c 'echo "<$TERM>"')" = "<>" ]
	[[ "$(runpod exec -t a sh -c 'echo "<$TERM>"')" == "<xterm>"* ]]
	[[ "$(runpod exec -t b sh -c 'echo "<$TERM>"')" == "<given>"* ]]
	[[ "$(runpod exec -t -e TERM=mine b sh -c 'echo "<$TERM>"')" == "<mine>"* ]]
	fails 127 "No such file or directory" exec a not-there
	fails 125 "No such file or directory" exec -d a not-there
	[ "$(runpod inspect -f '{{len .ExecIDs}}' a)" = 0 ]
}

@test "top: the options of ps as several words or as one" {
	runpod run -d --name a --network none busybox sleep 1000
	for words in "-eo pid,comm" "-eo|pid,comm" "-eo|pid comm"; do
		IFS='|' read -ra words <<<"$words"
		run runpod top a "${words[@]}"
		[[ "${lines[0]}" =~ PID\ +COMMAND && "${lines[1]}" =~ 1\ +sleep ]]
	done
}

@test "logs: a time that is yet to come" {
	runpod run --name a --network none busybox echo hi
	[ -z "$(runpod logs --since -1m a)" ]
	[ -z "$(runpod logs --since -1m -f a)" ]
	[ "$(runpod logs --until -1m a)" = hi ]
}

@test "kill: a dash in front is no part of a signal's name" {
	for signal in -0 -SIGBADSIG -SIG -BADSIG -; do
		run -125 runpod kill -s "$signal" nobody
		[ "$output" = "Error: invalid signal: ${signal#-}" ]
	done
}

@test "tables: a blank between two fields parts columns, one inside a field does not" {
	runpod create --name a --label "k=v w" busybox
	run runpod ps -a --format 'table {{.Names}} {{ .Label "k" }}'
	[[ "${lines[1]}" =~ ^a\ {11}v\ w$ ]]
	[ "$(runpod ps -a --format '{{.Names}} {{ .Label "k" }}')" = "a v w" ]
}

@test "run --pod new:NAME --hostname: the pod's" {
	[ "$(runpod run --rm --pod new:p --hostname other busybox hostname)" = other ]
	[ "$(runpod pod inspect -f '{{.Hostname}}' p)" = other ]
}

@test "rm: infra goes with --depend, or --all --force, and its pod with it" {
	ctr=$(runpod create --pod new:p busybox)
	infra=$(runpod pod inspect -f '{{.InfraContainerID}}' p)
	fails 125 "cannot be removed without removing the pod" rm -f "$infra"
	[ "$(runpod rm --depend "$infra" | sort)" = "$(printf '%s\n' "$ctr" "$infra" | sort)" ]
	not runpod pod exists p

	ctr=$(runpod run -d --pod new:p busybox sleep 1000)
	infra=$(runpod pod inspect -f '{{.InfraContainerID}}' p)
	fails 2 "running or paused containers cannot be removed without force" rm --all
	runpod pod exists p
	alone=$(runpod create busybox)
	[ "$(runpod rm --all --force -t 0 | sort)" = "$(printf '%s\n' "$ctr" "$infra" "$alone" | sort)" ]
	not runpod pod exists p
}

@test "volume create -o: refused with what to do instead" {
	fails 125 "--opt is left out on purpose: " volume create -o type=tmpfs v
	not runpod volume exists v
}

@test "volume rm --force: who uses it goes too" {
	id=$(runpod run -d --network none -v v:/v busybox sleep 1000)
	fails 2 "is being used by the following container(s): $id" volume rm v
	[ "$(runpod volume rm --force -t 0 v)" = v ]
	not runpod container exists "$id"
	not runpod volume exists v
}
