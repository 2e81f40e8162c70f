#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; bats sets $stderr
#
# trick.bats: docker's way to a pod, without the word: a container that holds the namespaces, and
# others that join them with --net=container: --ipc=container: --pid=container:. The commands
# are docker's, under docker's name.

load ../lib/common

setup() {
	common_setup
	ln -s "$RUNPOD" "$T/docker"
	PAUSE=$(rnd)
	TOOLS=(-v "$LOCAL_TOOLS:/t:ro")
}

docker() { timeout 60 "$T/docker" --root "$T/root" --runroot "$T/run" "$@" 3>&-; }

# pause: the holder.
pause() { docker run -d --name "$PAUSE" --ipc=shareable pause >/dev/null; }

# joined NAME COMMAND…: a container in the holder's namespaces, busybox with the tools at /t.
joined() {
	local name=$1
	shift
	docker run -d --name "$name" --net="container:$PAUSE" --ipc="container:$PAUSE" --pid="container:$PAUSE" \
		"${TOOLS[@]}" busybox "$@" >/dev/null
}

# once COMMAND…: the same in the foreground, gone afterwards.
once() {
	docker run --rm --net="container:$PAUSE" --ipc="container:$PAUSE" --pid="container:$PAUSE" "${TOOLS[@]}" busybox "$@"
}

@test "the textbook: pause, a server and its neighbour; one page, one ps, one localhost" {
	local port
	port=$(free_port)
	docker run -d -p "$port:80" --ipc=shareable --name "$PAUSE" pause
	mkdir "$T/www"
	echo 'it works' >"$T/www/index.html"
	docker run -d --name "$PAUSE-web" --net="container:$PAUSE" --ipc="container:$PAUSE" --pid="container:$PAUSE" \
		-v "$T/www:/www:ro" busybox httpd -f -p 80 -h /www
	docker run -d --name "$PAUSE-ghost" --net="container:$PAUSE" --ipc="container:$PAUSE" --pid="container:$PAUSE" \
		busybox sleep 4242

	# from the host, by the port; from the neighbour, by localhost
	page() { [ "$(curl -s "http://127.0.0.1:$port/")" = 'it works' ]; }
	wait_until 5 page
	[ "$(docker exec "$PAUSE-ghost" wget -q -O - http://localhost/)" = 'it works' ]

	# one tree of processes, with pause at its root
	run docker exec "$PAUSE-ghost" ps -o pid,args
	[[ $output =~ (^|$'\n')[[:space:]]+1[[:space:]]/pause ]]
	[[ $output == *'httpd -f -p 80'* ]]
	[[ $output == *'sleep 4242'* ]]

	# and the containers keep their own files and names
	run ! docker exec "$PAUSE-ghost" ls /www
	[ "$(docker port "$PAUSE")" = "80/tcp -> 0.0.0.0:$port" ]
}

@test "the inode numbers are equal for what was joined, and for nothing else" {
	local p a b
	pause
	joined "$PAUSE-a" sleep 1000
	joined "$PAUSE-b" sleep 1000
	p=$(ctr_pid "$PAUSE") a=$(ctr_pid "$PAUSE-a") b=$(ctr_pid "$PAUSE-b")
	same_ns "$p" "$a" net ipc pid
	same_ns "$p" "$b" net ipc pid
	differ_ns "$p" "$a" mnt uts cgroup
	differ_ns "$a" "$b" mnt uts cgroup
	differ_ns "$p" $$ net ipc pid
}

@test "each --…=container: joins that one namespace only; --uts too" {
	local p a kind other
	pause
	p=$(ctr_pid "$PAUSE")
	for kind in net ipc pid uts; do
		docker run -d --name "$PAUSE-$kind" --$kind="container:$PAUSE" busybox sleep 1000
		a=$(ctr_pid "$PAUSE-$kind")
		for other in net ipc pid uts; do
			if [ $other = $kind ]; then
				same_ns "$p" "$a" $other
			else
				differ_ns "$p" "$a" $other
			fi
		done
	done
	# by the id, and by the beginning of it
	docker run -d --name "$PAUSE-id" --net="container:$(docker inspect --format '{{.Id}}' "$PAUSE")" pause
	same_ns "$p" "$(ctr_pid "$PAUSE-id")" net
	docker run -d --name "$PAUSE-short" --net="container:$(docker ps -q --filter name="^$PAUSE\$")" pause
	same_ns "$p" "$(ctr_pid "$PAUSE-short")" net
}

@test "System V memory, POSIX memory and message queues pass between them; others see none" {
	pause
	once /t/probe shm-write 0x1234 'through System V'
	[ "$(once /t/probe shm-read 0x1234)" = 'through System V' ]
	once sh -c 'echo through POSIX >/dev/shm/note'
	[ "$(once cat /dev/shm/note)" = 'through POSIX' ]
	once /t/probe mq-send /queue 'through a queue'
	[ "$(once cat /dev/mqueue/queue | cut -d: -f2 | xargs)" = '15 NOTIFY' ]
	[ "$(once /t/probe mq-receive /queue)" = 'through a queue' ]

	run docker run --rm "${TOOLS[@]}" busybox /t/probe shm-read 0x1234
	[ "$status" -eq 1 ]
	[[ $output == *'No such file or directory'* ]]
	run docker run --rm --net="container:$PAUSE" --pid="container:$PAUSE" busybox ls /dev/shm
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "abstract sockets and listening ports are the network namespace's" {
	pause
	joined "$PAUSE-server" /t/probe tcp 7000 127.0.0.1
	answers() { [ "$(once /t/probe ask-tcp 127.0.0.1 7000)" = 127.0.0.1 ]; }
	wait_until 5 answers
	run docker run --rm "${TOOLS[@]}" busybox /t/probe ask-tcp 127.0.0.1 7000
	[ "$status" -eq 1 ]
	[[ $output == *'Connection refused'* ]]
	run once /t/probe tcp 7000 127.0.0.1 # the port is taken, also for another container
	[[ $output == *'Address already in use'* ]]
}

@test "signals reach the neighbour's processes" {
	pause
	joined "$PAUSE-a" sleep 4242
	once pkill -f 'sleep 4242' || once sh -c 'kill $(pidof sleep)'
	[ "$(docker wait "$PAUSE-a")" = 143 ]
}

@test "orphans of a joined container are pause's to reap" {
	pause
	once sh -c 'sleep 0.1 & :'
	no_zombies() { [ "$(once ps -o stat | grep -c Z)" -eq 0 ]; }
	wait_until 5 no_zombies
}

@test "a donor whose ipc is not shareable is refused, with the hint" {
	docker run -d --name "$PAUSE" --ipc=private pause
	run docker run -d --name "$PAUSE-a" --ipc="container:$PAUSE" pause
	[ "$status" -eq 125 ]
	[[ $output == *'is not allowed: non-shareable IPC (hint: use IpcMode:shareable for the donor container)'* ]]
	run ! docker container exists "$PAUSE-a"
	docker run -d --name "$PAUSE-b" --net="container:$PAUSE" pause # the rest may be joined
}

@test "a donor that is not there, or does not run" {
	run docker run -d --net=container:nothing pause
	[ "$status" -eq 125 ]
	[[ $output == *'no container with name or ID "nothing" found: no such container' ]]
	run docker run -d --net=container: pause
	[ "$status" -eq 125 ]
	[ -z "$(docker ps -aq)" ]

	pause
	docker stop "$PAUSE"
	run docker run -d --name "$PAUSE-a" --net="container:$PAUSE" pause
	[ "$status" -eq 125 ]
	[[ $output == *'it is not running'* ]]
	[ "$(docker inspect --format '{{.State.Status}}' "$PAUSE-a")" = created ]
	docker start "$PAUSE"
	docker start "$PAUSE-a"
	same_ns "$(ctr_pid "$PAUSE")" "$(ctr_pid "$PAUSE-a")" net
}

@test "-p of a joiner is discarded with a warning: the port is the donor's" {
	local port
	port=$(free_port)
	pause
	run --separate-stderr docker run -d --name "$PAUSE-a" --net="container:$PAUSE" -p "$port:80" pause
	[ "$status" -eq 0 ]
	[[ $stderr == *'Port mappings have been discarded because "container" network namespace mode does not support them'* ]]
	run ! curl -s --connect-timeout 1 "http://127.0.0.1:$port/"
}

@test "a donor with joiners cannot be removed; rm --depend takes them along" {
	local a b
	pause
	joined "$PAUSE-a" sleep 1000
	docker create --name "$PAUSE-b" --net="container:$PAUSE" pause
	a=$(docker inspect --format '{{.Id}}' "$PAUSE-a") b=$(docker inspect --format '{{.Id}}' "$PAUSE-b")

	run docker rm -f "$PAUSE"
	[ "$status" -ne 0 ]
	[[ $output == *'has dependent containers which must be removed before it: '* ]]
	[[ $output == *"$a"* ]]
	[[ $output == *"$b"* ]]
	alive "$(ctr_pid "$PAUSE")"

	docker rm "$PAUSE-b"
	run docker rm -f -t 0 --depend "$PAUSE"
	[ "$status" -eq 0 ]
	[ -z "$(docker ps -aq)" ]
}

@test "rm of several, --all and prune: joiners before their donors, whatever the order" {
	pause
	joined "$PAUSE-a" sleep 1000
	docker rm -f -t 0 "$PAUSE" "$PAUSE-a"
	[ -z "$(docker ps -aq)" ]
	pause
	joined "$PAUSE-a" sleep 1000
	docker run -d --name "$PAUSE-b" --net="container:$PAUSE-a" pause
	docker rm -f -t 0 --all
	[ -z "$(docker ps -aq)" ]
	pause
	docker create --name "$PAUSE-a" --net="container:$PAUSE" pause
	docker stop "$PAUSE"
	docker container prune -f
	[ -z "$(docker ps -aq)" ]
}

@test "when the holder ends: its pid namespace takes all with it; a network lives on in its members" {
	local inode a
	pause
	docker run -d --name "$PAUSE-net" --net="container:$PAUSE" --ipc="container:$PAUSE" busybox sleep 1000
	joined "$PAUSE-all" sleep 1000
	a=$(ctr_pid "$PAUSE-net")
	inode=$(ns_inode "$a" net)
	docker kill "$PAUSE"
	[ "$(docker wait "$PAUSE-all")" = 137 ] # pid_namespaces(7): init's end is everybody's
	alive "$a"
	[ "$(ns_inode "$a" net)" = "$inode" ]
	[ "$(docker exec "$PAUSE-net" cat /sys/class/net/lo/operstate)" = unknown ] # lo is still there, and up
}

@test "a pod's container can be the donor too" {
	docker pod create --name "$PAUSE-pod"
	docker run -d --pod "$PAUSE-pod" --name "$PAUSE" busybox sleep 1000
	docker run -d --name "$PAUSE-a" --net="container:$PAUSE" --pid="container:$PAUSE" busybox sleep 1000
	same_ns "$(ctr_pid "$PAUSE")" "$(ctr_pid "$PAUSE-a")" net pid
	docker rm -f -t 0 "$PAUSE-a"
}

@test "the hand-made pod is the same as runpod's own: the same namespaces are shared" {
	local kind own made
	pause
	joined "$PAUSE-a" sleep 1000
	docker pod create --name "$PAUSE-pod" --share net,ipc,pid
	docker run -d --pod "$PAUSE-pod" --name "$PAUSE-b" busybox sleep 1000
	made=$(ctr_pid "$PAUSE") own=$(ctr_pid "$(docker pod inspect --format '{{.InfraContainerID}}' "$PAUSE-pod")")
	for kind in net ipc pid uts mnt; do
		if [ "$(ns_inode "$made" $kind)" = "$(ns_inode "$(ctr_pid "$PAUSE-a")" $kind)" ]; then
			same_ns "$own" "$(ctr_pid "$PAUSE-b")" $kind
		else
			differ_ns "$own" "$(ctr_pid "$PAUSE-b")" $kind
		fi
	done
}
