#!/usr/bin/env bats
# logs.bats: what a container wrote, kept in a file and read back: the file's format, the
# options of logs, following, rotation, drivers.

load ../lib/common

# log_of NAME OPTIONS… -- SCRIPT: runs the script to its end, without attaching to it.
log_of() {
	local name=$1 options=()
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	runpod run -d --network none --name "$name" "${options[@]}" busybox sh -c "$2" >/dev/null
	runpod wait "$name" >/dev/null
}

file_of() { runpod inspect -f '{{.HostConfig.LogConfig.Path}}' "$1"; }

# The time, the stream, whether the line is whole, the text.
CRI='^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{9}(Z|[+-][0-9]{2}:[0-9]{2}) std(out|err) [FP] '

@test "the file has CRI's format: time, stream, F or P, text; its times are true" {
	name=$(rnd)
	before=$(date +%s)
	log_of "$name" -- 'echo one; echo two >&2; echo; printf part; sleep 0.2; echo ial; printf "no end"'
	after=$(date +%s)
	file=$(file_of "$name")
	cat "$file"
	[ "$(grep -cvE "$CRI" "$file")" -eq 0 ]
	[ "$(sed -E 's/^[^ ]+ //' "$file" | grep stdout)" = $'stdout F one\nstdout F \nstdout P part\nstdout F ial\nstdout P no end' ]
	[ "$(sed -E 's/^[^ ]+ //' "$file" | grep stderr)" = "stderr F two" ]
	while read -r when _; do
		seconds=$(date -d "$when" +%s)
		[ "$seconds" -ge "$before" ]
		[ "$seconds" -le "$after" ]
	done <"$file"
	[ "$(stat -c %a "$file")" = 600 ]
	[ "$(runpod inspect -f '{{.HostConfig.LogConfig.Type}}' "$name")" = k8s-file ]
}

@test "logs gives back what was written: lines put together, stdout and stderr apart" {
	name=$(rnd)
	log_of "$name" -- 'echo one; echo two >&2; printf part; sleep 0.2; echo ial; printf "no end"'
	run --separate-stderr runpod logs "$name"
	[ "$output" = $'one\npartial\nno end' ]
	# shellcheck disable=SC2154 # bats sets it
	[ "$stderr" = two ]
	[ "$(runpod logs "$name" 2>/dev/null | tail -c 6)" = "no end" ] # no newline where none was
}

@test "every byte comes back: 3 MB of lines, one line of 1 MB, NUL and control characters" {
	seq 400000 >"$T/lines"
	head -c 1000000 /dev/zero | tr '\0' x >"$T/long"
	printf 'a\0b\r\033[1m\377\n' >"$T/odd"
	cat "$T/long" "$T/odd" "$T/lines" >"$T/all"
	for driver in k8s-file json-file; do
		[ $driver = k8s-file ] || sed -i 's/\xff//' "$T/all" # JSON is UTF-8
		name=$(rnd)
		log_of "$name" --log-driver $driver -v "$T/all:/all:ro" -- 'cat /all'
		runpod logs "$name" >"$T/out"
		cmp "$T/out" "$T/all"
	done
}

@test "-t gives RFC 3339 times in front; --since and --until choose by them" {
	name=$(rnd)
	log_of "$name" -- 'echo one; sleep 0.3; echo two; sleep 0.3; echo three'
	run runpod logs -t "$name"
	[ "${#lines[@]}" -eq 3 ]
	for line in "${lines[@]}"; do
		[[ "$line" =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]+(Z|[+-][0-9:]{5})\ [a-z]+$ ]]
	done
	second=${lines[1]%% *}
	[ "$(runpod logs --since "$second" "$name")" = $'two\nthree' ]
	[ "$(runpod logs --until "$second" "$name")" = $'one\ntwo' ]
	[ "$(runpod logs --since "$second" --until "$second" "$name")" = two ]
	[ "$(runpod logs --since 10m "$name")" = $'one\ntwo\nthree' ]
	[ -z "$(runpod logs --since $(($(date +%s) + 100)) "$name")" ]
	[ -z "$(runpod logs --until 1h "$name")" ]
	[ "$(runpod logs --since 2001-02-03 "$name")" = $'one\ntwo\nthree' ]
	run runpod logs --since yesteryear "$name"
	[ "$status" -eq 125 ]
	[[ "$output" == *yesteryear* ]]
}

@test "--tail counts whole lines, not pieces; 0 is none, -1 is all" {
	name=$(rnd)
	log_of "$name" -- 'echo one; printf par; sleep 0.2; printf ti; sleep 0.2; echo al; echo two; printf end; sleep 0.1; printf less'
	[ "$(grep -c ' P ' "$(file_of "$name")")" -ge 3 ]
	[ "$(runpod logs --tail 1 "$name")" = endless ]
	[ "$(runpod logs --tail 3 "$name")" = $'partial\ntwo\nendless' ]
	[ "$(runpod logs --tail 100 "$name")" = $'one\npartial\ntwo\nendless' ]
	[ "$(runpod logs --tail=-1 "$name" | wc -l)" -eq 3 ]
	[ -z "$(runpod logs --tail 0 "$name")" ]
	run runpod logs --tail x "$name"
	[ "$status" -eq 125 ]
	[[ "$output" == *'invalid argument "x" for "--tail" flag'* ]]
}

@test "-f shows lines as they come and ends when the container does" {
	name=$(rnd)
	runpod run -d --network none --name "$name" -v "$T:/t" busybox sh -c '
		echo first; until [ -e /t/go ]; do sleep 0.05; done; echo second; until [ -e /t/end ]; do sleep 0.05; done; printf last'
	client logs -f "$name" >"$T/out" 2>&1 &
	pid=$!
	wait_until 5 grep -q first "$T/out"
	not grep -q second "$T/out"
	: >"$T/go"
	wait_until 5 grep -q second "$T/out"
	alive "$pid"
	: >"$T/end"
	wait_until 5 gone "$pid"
	wait "$pid"
	[ "$(cat "$T/out")" = $'first\nsecond\nlast' ]
	# of one that has ended: at once; with --tail only the last, and then what comes
	[ "$(RUNPOD_TIMEOUT=5 runpod logs -f --tail 1 "$name")" = last ]
}

@test "-f goes on over rotation and ends when the container is removed" {
	name=$(rnd)
	runpod run -d --network none --name "$name" --log-opt max-size=2k busybox sh -c '
		i=0; while [ $i -lt 300 ]; do i=$((i + 1)); echo "line $i"; done; sleep 1000'
	client logs -f "$name" >"$T/out" 2>&1 &
	pid=$!
	wait_until 5 grep -q 'line 300' "$T/out"
	runpod rm -f "$name"
	wait_until 5 gone "$pid"
}

@test "several containers: twelve digits of the id in front, or with -n the name" {
	one=$(rnd) two=$(rnd)
	log_of "$one" -- 'echo from one; echo more'
	log_of "$two" -- 'echo from two'
	id1=$(runpod inspect -f '{{.Id}}' "$one") id2=$(runpod inspect -f '{{.Id}}' "$two")
	run runpod logs "$one" "$two"
	[ "$status" -eq 0 ]
	[ "$(sort <<<"$output")" = "$(printf '%s\n' "${id1:0:12} from one" "${id1:0:12} more" "${id2:0:12} from two" | sort)" ]
	run runpod logs -n "$one" "$two"
	grep -qx "$two from two" <<<"$output"
	run runpod logs -n "$one"
	[ "${lines[0]}" = "$one from one" ]
	run runpod logs --latest
	[ "$output" = "from two" ]
	run runpod logs "$one" nosuch
	[ "$status" -eq 125 ]
	[[ "$output" == *'no container with name or ID "nosuch" found: no such container'* ]]
	run runpod logs
	[ "$status" -eq 125 ]
	[ "$output" = "Error: specify at least one container name or ID to log" ]
}

@test "pod logs: all containers of a pod, or one of them" {
	pod=$(rnd)
	runpod pod create --name "$pod" --network none
	for ctr in a b; do
		runpod run -d --pod "$pod" --name "$pod-$ctr" busybox echo "from $ctr"
		runpod wait "$pod-$ctr"
	done
	a_id=$(runpod inspect -f '{{.Id}}' "$pod-a") b_id=$(runpod inspect -f '{{.Id}}' "$pod-b")
	run runpod pod logs "$pod"
	[ "$output" = "${a_id:0:12} from a"$'\n'"${b_id:0:12} from b" ]
	[ "$(runpod pod logs -n -l)" = "$pod-a from a"$'\n'"$pod-b from b" ]
	[[ "$(runpod pod logs -t --tail 1 "$pod" | tail -n 1)" =~ ^${b_id:0:12}\ 2[0-9]{3}-.*\ from\ b$ ]]
	[ "$(runpod pod logs -c "$pod-b" "$pod")" = "from b" ] # one alone needs no name
	[ -z "$(runpod pod logs --until 1h "$pod")" ]
	run runpod pod logs -c nosuch "$pod"
	[ "$status" -eq 125 ]
	[ "$output" = "Error: container nosuch is not in pod $pod: no such container" ]
	run runpod pod logs
	[ "$status" -eq 125 ]
	[ "$output" = "Error: specify at least one pod name or ID to log" ]
}

@test "the lines of several containers come in the order in which they were written, with --tail and -f too" {
	pod=$(rnd)
	runpod pod create --name "$pod" --network none
	# they take turns: who finds its number in the file writes, and puts the other's there
	turns() { # OWN OTHER
		runpod run -d --pod "$pod" --name "$pod-$1" -v "$T:/t" busybox sh -c "
			for i in 1 2 3 4 5 6; do
				until [ \"\$(cat /t/turn)\" = $1 ]; do sleep 0.01; done
				echo \$i; sleep 0.01; echo $2 >/t/new$1; mv /t/new$1 /t/turn
			done"
	}
	echo none >"$T/turn"
	turns x y
	turns y x
	client pod logs -f -n "$pod" >"$T/followed" &
	pid=$!
	echo x >"$T/first"
	mv "$T/first" "$T/turn"
	wait_until 20 gone "$pid" # both have ended
	wanted=$(for i in 1 2 3 4 5 6; do printf '%s\n' "$pod-x $i" "$pod-y $i"; done)
	[ "$(runpod pod logs -n "$pod")" = "$wanted" ]
	[ "$(runpod logs -n "$pod-y" "$pod-x")" = "$wanted" ]
	[ "$(runpod pod logs -n --tail 2 "$pod")" = "$(tail -n 4 <<<"$wanted")" ]
	[ "$(sort "$T/followed")" = "$(sort <<<"$wanted")" ]
	[ "$(grep -- -x "$T/followed" | paste -sd' ')" = "$(grep -- -x <<<"$wanted" | paste -sd' ')" ]
}

@test "--color: a color for each container, on a terminal only" {
	pod=$(rnd)
	runpod pod create --name "$pod" --network none
	for ctr in a b; do
		runpod run -d --pod "$pod" --name "$pod-$ctr" busybox sh -c "echo out $ctr; echo err $ctr >&2"
		runpod wait "$pod-$ctr"
	done
	[ "$(runpod pod logs --color -n "$pod" 2>&1)" = "$(runpod pod logs -n "$pod" 2>&1)" ]
	cat >"$T/terminal.py" <<-'END'
		import os, pty, sys
		pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 4096))
	END
	python3 "$T/terminal.py" "$RUNPOD" --root "$T/root" --runroot "$T/run" pod logs --color -n "$pod" </dev/null | tr -d '\r' >"$T/out"
	cat -v "$T/out"
	[ "$(cat -v "$T/out" | grep -cE "^\^\[\[37m$pod-a (out|err) a\^\[\[0m$")" -eq 2 ]
	[ "$(cat -v "$T/out" | grep -cE "^\^\[\[31m$pod-b (out|err) b\^\[\[0m$")" -eq 2 ]
}

@test "output that the log had no room for is not passed over in silence, while it runs and after" {
	name=$(rnd)
	runpod run -d --network none --name "$name" --log-opt path=/dev/full busybox sh -c 'echo one; sleep 0.2; echo two; exec sleep 1000'
	told() { [[ "$(RUNPOD_TIMEOUT=5 runpod logs "$name" 2>&1)" == "The log of $name is not whole: $1 to it failed, was the disk full?" ]]; }
	wait_until 5 told "2 writes"
	runpod kill "$name"
	runpod wait "$name"
	told "2 writes"
	# its supervisor leaves and the run directory is emptied, as by a reboot: what is known is on disk
	left() { ! pgrep -f -- "supervisor $T/root " >/dev/null; }
	wait_until 10 left
	rm -rf "$T/run"
	told "2 writes"
	runpod start "$name"
	wait_until 5 told "4 writes"
	runpod kill "$name"
	log_of "$name-2" -- 'echo kept'
	[ "$(runpod logs "$name-2" 2>&1)" = kept ]
}

@test "a log survives stop and start, and goes with the container" {
	name=$(rnd)
	log_of "$name" -- 'echo run'
	file=$(file_of "$name")
	runpod start "$name"
	runpod wait "$name"
	[ "$(runpod logs "$name")" = $'run\nrun' ]
	runpod restart "$name"
	runpod wait "$name"
	[ "$(runpod logs "$name" | wc -l)" -eq 3 ]
	[ -e "$file" ]
	runpod rm "$name"
	[ ! -e "$file" ]
}

@test "exec's output is not in the log; attached output is" {
	name=$(rnd)
	runpod run --network none --name "$name" busybox echo attached
	[ "$(runpod logs "$name")" = attached ]
	runpod run -d --network none --name "$name-2" busybox sleep 1000
	runpod exec "$name-2" echo not-kept
	[ -z "$(runpod logs "$name-2")" ]
}

@test "--log-driver json-file: docker's lines; none: no file, and logs says so" {
	name=$(rnd)
	log_of "$name" --log-driver json-file -- 'echo "say \"hi\"	\\"; echo err >&2'
	python3 - "$(file_of "$name")" <<-'END'
		import json, re, sys
		lines = [json.loads(line) for line in open(sys.argv[1])]
		assert {(l["log"], l["stream"]) for l in lines} == {('say "hi"\t\\\n', "stdout"), ("err\n", "stderr")}, lines
		assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$", l["time"]) for l in lines)
		assert all(set(l) == {"log", "stream", "time"} for l in lines)
	END
	[ "$(runpod logs "$name" 2>/dev/null)" = $'say "hi"\t\\' ]

	log_of "$name-none" --log-driver none -- 'echo lost'
	run runpod logs "$name-none"
	[ "$status" -eq 125 ]
	[[ "$output" == *"this container is using the 'none' log driver, cannot read logs"* ]]
	[ -z "$(find "$T/root/pods" -path "*$(runpod inspect -f '{{.Id}}' "$name-none")*" -name '*.log*')" ]
	# attached output arrives all the same
	[ "$(runpod run --rm --network none --log-driver none busybox echo seen)" = seen ]
	run runpod create --log-driver nosuch busybox
	[ "$status" -eq 125 ]
	[[ "$output" == *nosuch* ]]
}

@test "--log-opt path= puts it elsewhere, max-size= rotates it between lines and keeps one before" {
	name=$(rnd)
	log_of "$name" --log-opt "path=$T/my.log" -- 'echo here'
	[[ "$(cat "$T/my.log")" == *" stdout F here" ]]
	[ "$(runpod logs "$name")" = here ]

	log_of "$name-2" --log-opt max-size=4k -- 'i=0; while [ $i -lt 500 ]; do i=$((i + 1)); echo "line $i"; done'
	file=$(file_of "$name-2")
	[ "$(stat -c %s "$file")" -le 4096 ]
	[ -e "$file.1" ]
	[ "$(stat -c %s "$file.1")" -le 4096 ]
	[ ! -e "$file.2" ]
	[ "$(cat "$file.1" "$file" | grep -cvE "$CRI")" -eq 0 ]
	runpod logs "$name-2" >"$T/out"
	[ "$(tail -n 1 "$T/out")" = "line 500" ]
	# what is kept is the end, without a gap
	first=$(sed -n '1s/line //p' "$T/out")
	diff <(seq -f 'line %.0f' "$first" 500) "$T/out"
	[ "$(runpod inspect -f '{{.HostConfig.LogConfig.Size}}' "$name-2")" = 4kB ]
}
