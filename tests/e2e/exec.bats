#!/usr/bin/env bats
# exec.bats: one more program in a container that runs: where it is born, what it may do, and
# what goes in and out.

load ../lib/common

# start NAME ARG…: a container that sleeps.
start() {
	local name=$1
	shift
	runpod run -d --network none --name "$name" "$@" busybox sleep 1000
}

@test "its output, its errors and its exit code come back" {
	name=$(rnd)
	start "$name"
	run --separate-stderr runpod exec "$name" sh -c 'echo out; echo err >&2; exit 7'
	[ "$status" -eq 7 ]
	[ "$output" = out ]
	# shellcheck disable=SC2154 # bats sets it
	[ "$stderr" = err ]
	run runpod exec "$name" sh -c 'kill -9 $$'
	[ "$status" -eq 137 ]
	run runpod exec "$name" /etc
	[ "$status" -eq 126 ]
	[[ "$output" == Error:*"ermission denied"* ]]
	run -127 runpod exec "$name" /no/such/command
	[[ "$output" == Error:*"o such file or directory"* ]]
	run -127 runpod exec "$name" nosuch
	[[ "$output" == Error:*'nosuch'* ]]
	# the container itself saw nothing of it
	[ -z "$(runpod logs "$name" 2>&1)" ]
	[ "$(runpod inspect -f '{{.State.Status}}' "$name")" = running ]
}

@test "who is meant: a name, an id, a piece of an id, the latest; and the words when nobody is" {
	name=$(rnd)
	start "$name"
	id=$(runpod inspect -f '{{.Id}}' "$name")
	for who in "$name" "$id" "${id:0:9}" --latest; do
		[ "$(runpod exec "$who" hostname)" = "${id:0:12}" ]
	done
	run runpod exec nosuch true
	[ "$status" -eq 125 ]
	[ "$output" = 'Error: no container with name or ID "nosuch" found: no such container' ]
	run runpod exec "$name"
	[ "$status" -eq 125 ]
	[[ "$output" == *"must provide a non-empty command to start an exec session"* ]]
	run runpod exec
	[ "$status" -eq 125 ]
}

@test "it is in all the container's namespaces, its cgroup and its root" {
	name=$(rnd)
	start "$name"
	runpod exec -d "$name" sleep 2000
	one=$(ctr_pid "$name")
	born() { pid=$(pgrep -f '^sleep 2000$' | tail -n 1) && [ -n "$pid" ]; }
	wait_until 5 born
	same_ns "$one" "$pid" net ipc uts pid mnt cgroup user
	differ_ns "$$" "$pid" net ipc uts pid mnt
	[ "$(stat -Lc %d:%i "/proc/$pid/root")" = "$(stat -Lc %d:%i "/proc/$one/root")" ]
	[ "$(cat "/proc/$pid/cgroup")" = "$(cat "/proc/$one/cgroup")" ]
	run runpod exec "$name" sh -c 'echo $$; ls /proc/1/root/bin/busybox'
	[ "${lines[0]}" -gt 1 ] # a number of the container's own numbering
	[ "${lines[0]}" -lt 100 ]
}

@test "it has no more power than the container: capabilities, filter, no_new_privs, limits, umask" {
	name=$(rnd)
	power='grep -E "^(Cap|NoNewPrivs|Seccomp|Groups|Umask)" /proc/self/status; cat /proc/self/limits'
	for options in "" "--cap-drop all" "--cap-add net_raw --security-opt seccomp=unconfined" \
		"--ulimit nofile=77:99 --umask 0077" "--user 1:1 --group-add 33"; do
		# shellcheck disable=SC2086 # words are wanted
		runpod run -d --network none --name "$name" $options busybox sh -c "$power; sleep 1000"
		wait_until 5 log_says "$name" "realtime timeout"
		diff <(runpod logs "$name") <(runpod exec "$name" sh -c "$power")
		runpod rm -f "$name"
	done
	# another user of it has none in effect, and root's shell in a container of a user has none either
	start "$name"
	[ "$(runpod exec -u 1 "$name" sed -n 's/^CapEff:.//p' /proc/self/status)" = 0000000000000000 ]
	run runpod exec "$name" sh -c 'mount -t tmpfs t /tmp 2>&1; unshare -U true 2>&1'
	[[ "$output" == *"ermitted"* ]] || [[ "$output" == *"enied"* ]]
}

@test "what it does not get: the supervisor's descriptors and anything of the client's" {
	name=$(rnd)
	start "$name"
	export LEAK=leaked
	run runpod exec "$name" sh -c 'ls /proc/self/fd; env' 7</etc/passwd 8<>"$T/x"
	[ "$status" -eq 0 ]
	[ "$(grep -xE '[0-9]+' <<<"$output" | paste -sd' ')" = "0 1 2 3" ] # 3 is ls's own
	[[ "$output" != *LEAK* ]]
}

@test "-e, --env-file, -w and -u: on top of the container's own" {
	name=$(rnd)
	start "$name" -e A=ctr -e B=ctr -w /usr
	printf 'C=file\nB=file\n' >"$T/env"
	export FROM=caller
	run runpod exec -e A=exec -e FROM --env-file "$T/env" "$name" sh -c 'echo $A $B $C $FROM $container; pwd; id -u'
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = "exec file file caller runpod /usr 0" ]
	run runpod exec -w /etc "$name" pwd
	[ "$output" = /etc ]
	run runpod exec -w /i/do/not/exist "$name" pwd
	[ "$status" -eq 126 ]
	[[ "$output" == *'workdir "/i/do/not/exist" does not exist on container'* ]]
	run runpod exec -u daemon "$name" id -un
	[ "$output" = daemon ]
	run runpod exec -u 1234:5678 "$name" sh -c 'echo $(id -u):$(id -g) $HOME'
	[ "${output% *}" = 1234:5678 ]
	run runpod exec -u nosuch "$name" id
	[ "$status" -eq 126 ]
	[[ "$output" == *"unable to find user nosuch"* ]]
}

@test "-i: 1.5 MB in and out arrive whole; stdin ends; without it there is none" {
	name=$(rnd)
	start "$name"
	head -c 1500000 /dev/urandom >"$T/in"
	sum=$(sha256sum <"$T/in")
	[ "$(runpod exec -i "$name" sha256sum <"$T/in")" = "$sum" ]
	[ "$(runpod exec -i "$name" cat <"$T/in" | sha256sum)" = "$sum" ]
	runpod exec -i "$name" sh -c 'cat >/in' <"$T/in"
	[ "$(runpod exec "$name" cat /in | sha256sum)" = "$sum" ]
	[ -z "$(runpod exec -i "$name" cat </dev/null)" ]
	[ "$(echo given | runpod exec "$name" wc -c)" -eq 0 ]
	[ "$(yes | head -c 1000000 | runpod exec -i "$name" head -n 1)" = y ]
}

@test "-t: a terminal of the container's devpts, its output translated, stdin from a pipe" {
	name=$(rnd)
	start "$name"
	run runpod exec -t "$name" sh -c 'tty; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo all; echo $TERM'
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" =~ ^/dev/pts/[0-9]+$'\r'$ ]]
	[ "${lines[1]}" = $'all\r' ]
	run runpod exec "$name" tty
	[ "$output" = "not a tty" ]
	run runpod exec -it "$name" sh -c 'stty -echo; read -r line; echo "got $line"' <<<'through the pipe'
	[[ "$output" == *"got through the pipe"* ]]
}

@test "-d: it goes on by itself, prints no output, and ends with the container" {
	name=$(rnd)
	start "$name"
	run runpod exec -d "$name" sh -c 'echo heard by nobody; sleep 0.2; echo done >/done; sleep 3000'
	[ "$status" -eq 0 ]
	[[ "$output" != *heard* ]]
	written() { [ "$(runpod exec "$name" cat /done 2>/dev/null)" = "done" ]; }
	wait_until 5 written
	pid=$(pgrep -f '^sleep 3000$')
	[ -n "$pid" ]
	runpod stop -t 0 "$name"
	wait_until 5 gone "$pid"
}

@test "an exec in the foreground ends, with an exit code, when its container is killed" {
	name=$(rnd)
	start "$name"
	client exec "$name" sleep 4000 >"$T/out" 2>&1 &
	pid=$!
	born() { pgrep -f '^sleep 4000$' >/dev/null; }
	wait_until 5 born
	runpod kill "$name"
	wait_until 5 gone "$pid"
	code=0
	wait "$pid" || code=$?
	[ "$code" -eq 137 ]
}

@test "a killed client leaves the container and other execs alone" {
	name=$(rnd)
	start "$name"
	client exec "$name" sleep 4001 &
	pid=$!
	born() { pgrep -f '^sleep 4001$' >/dev/null; }
	wait_until 5 born
	kill -KILL "$pid"
	run wait "$pid"
	[ "$(runpod exec "$name" echo fine)" = fine ]
	[ "$(runpod inspect -f '{{.State.Status}}' "$name")" = running ]
}

@test "in a container that was stopped, made or paused: refused" {
	name=$(rnd)
	runpod create --name "$name" --network none busybox sleep 1000
	refused() {
		run runpod exec "$name" true
		[ "$status" -eq 125 ]
		[[ "$output" == *"can only create exec sessions on running containers: container state improper"* ]]
	}
	refused
	runpod start "$name"
	runpod exec "$name" true
	if runpod pause "$name" 2>"$T/why"; then
		refused
		runpod unpause "$name"
		runpod exec "$name" true
	else
		grep -q "delegated cgroup" "$T/why"
	fi
	runpod stop -t 0 "$name"
	refused
}

@test "twenty at once, each with its own output and exit code" {
	name=$(rnd)
	start "$name"
	for i in $(seq 20); do
		runpod exec "$name" sh -c "echo $i; exit $i" >"$T/out.$i" 2>&1 &
		pids[i]=$!
	done
	for i in $(seq 20); do
		code=0
		wait "${pids[i]}" || code=$?
		[ "$code" -eq "$i" ]
		[ "$(cat "$T/out.$i")" = "$i" ]
	done
	# nothing of them is left in the container but process 1
	[ "$(runpod exec "$name" sh -c 'set -- /proc/[0-9]*; echo $#')" -eq 2 ]
}
