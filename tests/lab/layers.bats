#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets output
#
# layers.bats: images of many layers on a kernel before 6.8, which takes their names in one string.

load ../lib/common

@test "thirty layers work, with a volume filled from them; sixty get a clear word" {
	skip_unless_tool python3
	mkdir -p "$T/a/bin" "$T/a/vol"
	cp "$(command -v busybox)" "$T/a/bin/busybox"
	ln -s busybox "$T/a/bin/ls"
	layers=()
	for i in $(seq 60); do
		mkdir -p "$T/n/$i/n" "$T/n/$i/vol"
		touch "$T/n/$i/n/$i" "$T/n/$i/vol/v$i"
		layers+=("$T/n/$i")
	done
	image() { "$TREE/tests/e2e/ociimage" -z none -n "$1" -c '{"Volumes": {"/vol": {}}}' "$T/$1" "$T/a" "${@:2}" >/dev/null; }
	image thirty "${layers[@]:0:30}"
	image sixty "${layers[@]}"
	runpod load -qi "$T/thirty"
	runpod load -qi "$T/sixty"
	before=$(cat /proc/self/mountinfo)
	[ "$(runpod run --rm --network none thirty /bin/ls /n | wc -l)" -eq 30 ]
	[ "$(runpod run --rm --network none thirty /bin/ls /vol | wc -l)" -eq 30 ]
	run runpod run --rm --network none -v "$T:/vol" sixty /bin/ls /n
	echo "$output"
	if [ "$status" -ne 0 ]; then # Linux 6.8 and later take them too
		[[ "$output" == *"before Linux 6.8 the names of all layers must fit into 4096 bytes"* ]]
	fi
	# the place that mount(2) needs for a moment is as it was
	[ "$(cat /proc/self/mountinfo)" = "$before" ]
	runpod rmi -a
}
