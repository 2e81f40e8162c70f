#!/usr/bin/env bats
# Plans are compared word by word; whether a plan was carried out is asked of /proc.

# shellcheck disable=SC2154 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	cat >pod.yaml <<-'END'
		apiVersion: v1
		kind: Pod
		metadata:
		  name: web
		spec:
		  containers:
		  - name: app
		    command: [sh, -c, "echo two  words"]
		  - command:
		    - sleep
		    - "61"
		    name: helper
	END
}

# plan_is WORD...: that, and nothing else, was printed.
plan_is() {
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	[ "$output" = "$(printf '%s\n' handpod pause "$@")" ] || fail "the plan should be, a word a line: handpod pause $*"
}

# tells LINE:COLUMN TEXT: an error at that place, with the line and a ^ below it.
tells() {
	local at=${1%:*} column=${1#*:} number
	number=$(grep -nm 1 -F "pod.yaml:$1: " <<<"$output" | cut -d : -f 1)
	[ -n "$number" ] || fail "there should be an error at pod.yaml:$1 ($2)"
	[[ ${lines[number - 1]} == *"$2"* ]] || fail "the error at pod.yaml:$1 should say: $2"
	[ "${lines[number]-}" = "$(sed -n "${at}p" pod.yaml)" ] || fail "below the error the line should be shown: $(sed -n "${at}p" pod.yaml)"
	[ "${lines[number + 1]-}" = "$(printf '%*s^' $((column - 1)) '')" ] || fail "below the line there should be a ^ in column $column"
}

refuses() {
	[ "$status" -eq 1 ] || fail "an error: the status should be 1, and is $status"
	! grep -qx handpod <<<"$output" || fail "where there is an error there is no plan"
}

@test "the plan: the commands, with -- between them" {
	lab pod.yaml
	plan_is sh -c "echo two  words" -- sleep 61
}

@test "one container, and three" {
	echo '{kind: Pod, spec: {containers: [{name: a, command: ["true"]}]}}' >pod.yaml
	lab pod.yaml
	plan_is true
	echo '{kind: Pod, spec: {containers: [{name: a, command: [x]}, {name: b, command: [y, "1"]}, {name: c, command: [z]}]}}' >pod.yaml
	lab pod.yaml
	plan_is x -- y 1 -- z
}

@test "an unknown field is an error, wherever it stands" {
	sed -i '/^spec:/a \  hostNetwrok: true' pod.yaml
	lab pod.yaml
	refuses
	tells 6:3 "unknown field spec.hostNetwrok"
	sed -i -e 6d -e 's/name: app/nmae: app/' pod.yaml
	lab pod.yaml
	tells 7:5 "unknown field spec.containers[].nmae"
}

@test "a known field in a wrong place is unknown" {
	sed -i 's/^  name: web/  command: [x]/' pod.yaml
	lab pod.yaml
	refuses
	tells 4:3 "unknown field metadata.command"
}

@test "all errors of a file are told, in one run" {
	sed -i -e 's/^apiVersion/apiversion/' -e 's/^kind: Pod/kind: Job/' -e 's/"61"/61/' -e '$a \    image: busybox' pod.yaml
	lab pod.yaml
	refuses
	tells 1:1 "unknown field apiversion"
	tells 2:7 "Job"
	tells 11:7 "number"
	tells 13:5 "unknown field spec.containers[].image"
}

@test "a container without name or command is wrong, and its place is told" {
	sed -i -e '/name: app/d' -e 's/^    command: \[/  - command: [/' -e '/- sleep/d' -e '/- "61"/d' -e 's/- command:$/- command: []/' pod.yaml
	lab pod.yaml
	refuses
	tells 7:5 "a name and a command"
	tells 8:5 "a name and a command"
}

@test "text where a list should be, and no YAML at all" {
	sed -i 's/command: \[.*/command: sleep/' pod.yaml
	lab pod.yaml
	refuses
	tells 8:14 "type"
	printf 'kind: Pod\nspec: [\n' >pod.yaml
	lab pod.yaml
	refuses
	[[ $output == *pod.yaml:3:1:* ]] || fail "what libyaml cannot read has a place, too: pod.yaml:3:1"
}

@test "nothing is done before everything was read" {
	need_userns
	sed -i -e "s/echo two  words/touch done/" -e 's/- sleep/- slep/' -e 's/^    name:/    nmae:/' pod.yaml
	lab pod.yaml "$BIN/handpod" "$BIN/pause"
	refuses
	[ ! -e "done" ] || fail "the first container was run, although the second cannot be"
}

@test "it is carried out: a pod of pause and two containers" {
	need_userns
	sed -i 's/echo two  words/exec sleep 62/' pod.yaml
	start_lab pod.yaml "$BIN/handpod" "$BIN/pause"
	wait_for 5 eval '[ "$(wc -l <"$lab_output")" -ge 3 ]' || {
		output=$(cat "$lab_output")
		fail "handpod should print three lines: pause and two containers"
	}
	{
		read -r donor _
		read -r one _
		read -r two _
	} <"$lab_output"
	for kind in user net ipc pid; do
		other_ns $kind $$ "$donor" || fail "pause should be in a $kind namespace of its own"
		same_ns $kind "$donor" "$one" && same_ns $kind "$donor" "$two" || fail "both containers should share $kind with pause"
	done
	wait_for 5 eval '[ "$(tr "\0" " " <"/proc/$one/cmdline")" = "sleep 62 " ]' || fail "process $one should be: sleep 62"
	wait_for 5 eval '[ "$(tr "\0" " " <"/proc/$two/cmdline")" = "sleep 61 " ]' || fail "process $two should be: sleep 61"
}
