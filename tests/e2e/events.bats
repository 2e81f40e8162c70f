#!/usr/bin/env bats
# events.bats: the journal: what is written when, in which form it is shown, which events a filter
# lets through, and following.

load ../lib/common

# told ARG...: "TYPE ACTION NAME" of each event that is kept.
told() { runpod events --stream=false --format '{{.Type}} {{.Status}} {{.Name}}' "$@"; }

@test "the life of a container, in podman's words and order" {
	name=$(rnd)
	run runpod run --name "$name" --rm busybox sh -c 'exit 3'
	[ "$status" -eq 3 ]
	[ "$(told -f container="$name" | cut -d' ' -f2 | paste -sd' ')" = "create attach init start died remove" ]
	[ "$(runpod events --stream=false -f event=die -f container="$name" --format '{{.ContainerExitCode}}')" = 3 ]
	# a template knows no other field
	run runpod events --stream=false --format '{{.Bogus}}'
	[ "$status" -eq 125 ]
	[[ "$output" == *"can't evaluate field Bogus"* ]]
}

@test "stop, kill, pause, restart and exec are told, and of whom" {
	name=$(rnd)
	id=$(runpod run -d --name "$name" --label a=b --label image=none busybox sleep 100)
	runpod exec "$name" true
	if [ "$(id -u)" = 0 ]; then
		runpod pause "$name"
		runpod unpause "$name"
		frozen="pause unpause "
	fi
	runpod restart -t 0 "$name"
	runpod kill "$name"
	runpod wait "$name"
	runpod start "$name"
	runpod stop -t 0 "$name"
	runpod rm "$name"
	wanted="create init start exec exec_died ${frozen-}died stop init start restart kill died init start died stop remove"
	[ "$(told -f container="${id:0:20}" | cut -d' ' -f2 | paste -sd' ')" = "$wanted" ]
	[ "$(runpod events --stream=false -f container="$name" -f event=died --format '{{.ContainerExitCode}}' | paste -sd' ')" = "137 137 137" ]
	# labels are attributes and filters; ours are not mixed up with them
	run runpod events --stream=false -f label=a=b -f event=create
	[[ "$output" =~ ^[0-9]{4}-[0-9-]+\ [0-9:.]+\ \+0000\ UTC\ container\ create\ $id\ \(image=localhost/busybox:latest,\ name=$name,\ a=b,\ image=none\)$ ]]
	[ "$(runpod events --stream=false -f container="$name" -f event=create --format '{{.Image}} {{.Attributes.image}} {{.Attributes.a}}')" = \
		"localhost/busybox:latest none b" ]
	[ -z "$(runpod events --stream=false -f label=a=c)" ]
	[[ "$(runpod events --stream=false --no-trunc=false -f container="$name" -f event=create)" == *" create ${id:0:12} "* ]]
}

@test "a pod's life; its containers name it" {
	pod=$(rnd)
	id=$(runpod pod create --name "$pod" --label x=y)
	runpod run -d --pod "$pod" --name "$pod-c" busybox sleep 100
	runpod pod stop -t 0 "$pod"
	runpod pod start "$pod"
	runpod pod kill "$pod"
	runpod pod rm -f "$pod"
	[ "$(told -f pod="$pod" | cut -d' ' -f2 | paste -sd' ')" = "create stop start kill remove" ]
	[ "$(runpod events --stream=false -f container="$pod-c" --format '{{.PodID}}' | sort -u)" = "$id" ]
	[[ "$(runpod events --stream=false -f container="$pod-c" -f event=create)" == *", pod_id=$id)" ]]
	[[ "$(runpod events --stream=false -f type=pod -f event=create)" == *" pod create $id (image=, name=$pod, x=y)" ]]
}

@test "volumes and images" {
	volume=$(rnd)
	runpod volume create "$volume"
	runpod volume rm "$volume"
	[ "$(told -f type=volume)" = "volume create $volume"$'\n'"volume remove $volume" ]
	[[ "$(runpod events --stream=false -f volume="$volume" -f event=remove)" == *" volume remove $volume" ]]
	tar -C "$TREE" -cf "$T/x.tar" README.md
	image=$(runpod import "$T/x.tar" "$volume:1")
	image=${image#sha256:}
	runpod tag "$volume:1" "$volume:2"
	runpod untag "$image" "$volume:1"
	runpod rmi "$volume:2"
	[ "$(told -f type=image | cut -d' ' -f2,3 | paste -sd' ')" = \
		"import $volume:1 tag localhost/$volume:2 untag $volume:1 untag localhost/$volume:2 remove $volume:2" ]
	[ "$(runpod events --stream=false -f image="$image" --format '{{.ID}}' | sort -u)" = "$image" ]
}

@test "values of one filter are alternatives, filters of different kinds all hold; what is none is refused" {
	one=$(rnd) two=$(rnd)
	runpod create --name "$one" busybox true
	runpod create --name "$two" busybox true
	runpod rm "$one" "$two"
	[ "$(told -f container="$one" -f container="$two" -f event=create)" = "container create $one"$'\n'"container create $two" ]
	run runpod events --stream=false -f colour=red
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: colour is an invalid filter"* ]]
	run runpod events --stream=false --since yesterday
	[ "$status" -eq 125 ]
	[[ "$output" == 'Error: parsing since "yesterday"'* ]]
	run runpod events extra
	[ "$status" -eq 125 ]
}

@test "json: one object a line, under podman's keys" {
	name=$(rnd)
	runpod run --rm --name "$name" --label k=v busybox true
	run runpod events --stream=false -f container="$name" -f event=died --format json
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" =~ ^\{\"ContainerExitCode\":0,\"ID\":\"[0-9a-f]{64}\",\"Image\":\"localhost/busybox:latest\",\"Name\":\"$name\",\"Status\":\"died\",\"time\":[0-9]{10},\"timeNano\":[0-9]{19},\"Type\":\"container\",\"Attributes\":\{\"k\":\"v\"\}\}$ ]]
}

@test "since and until bound what is shown; an end in the future is waited for" {
	one=$(rnd) two=$(rnd)
	runpod create --name "$one" busybox true
	between=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)
	runpod create --name "$two" busybox true
	[ "$(told --until "$between" -f type=container)" = "container create $one" ]
	[ "$(told --since "$between" -f type=container)" = "container create $two" ]
	[ -z "$(told --since 2099-01-01)" ]
	# streaming, but until a time that is over
	[ "$(runpod events --until "$between" --format '{{.Name}}')" = "$one" ]
	# and one that comes: the events of now and those that follow until then
	runpod events --since 1h --until 1s --format '{{.Status}} {{.Name}}' >"$T/out" &
	pid=$!
	wait_until 5 grep -q "create $two" "$T/out"
	runpod rm "$one"
	wait "$pid"
	grep -qx "remove $one" "$T/out"
}

@test "following: only what happens from now on, as it happens" {
	old=$(rnd) name=$(rnd)
	runpod create --name "$old" busybox true
	client events --format '{{.Status}} {{.Name}}' >"$T/out" &
	pid=$!
	# it is ready when it sees something
	seen() { runpod volume create --ignore "v$RANDOM" >/dev/null; [ -s "$T/out" ]; }
	wait_until 10 seen
	runpod run --rm --name "$name" busybox true
	wait_until 5 grep -qx "remove $name" "$T/out"
	not grep -q "$old" "$T/out"
	kill "$pid"
	wait "$pid" || :
}

@test "the journal is bounded: a full file becomes the past, and a reader misses nothing" {
	name=$(rnd)
	runpod create --name "$name" busybox true
	first=$T/run/events
	[ -f "$first" ]
	# all but a line of the mebibyte, as if a hundred thousand events had been
	line='{"time":1,"type":"volume","action":"create","id":"filler","name":"filler"}'
	yes "$line" | head -c $((1 << 20)) | sed '$d' >>"$first"
	client events --since 1970-01-01 -f type=container --format '{{.Status}} {{.Name}}' >"$T/out" &
	pid=$!
	wait_until 10 grep -qx "create $name" "$T/out"
	runpod rm "$name"
	[ -f "$T/run/events.1" ]
	[ "$(stat -c %s "$T/run/events")" -lt 10000 ]
	wait_until 10 grep -qx "remove $name" "$T/out"
	kill "$pid"
	wait "$pid" || :
	[ "$(told -f type=container)" = "container create $name"$'\n'"container remove $name" ]
	# damage is passed over
	echo '{"time":' >>"$T/run/events"
	runpod create --name "$name" busybox true
	[ "$(told -f event=create -f container="$name" | wc -l)" -eq 2 ]
}
