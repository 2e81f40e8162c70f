#!/usr/bin/env bash
# Sends one line through the door, under strace.
# shellcheck disable=SC2154 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

port=$(free_port)
start unshare --user --map-root-user --net sh -c "ip link set lo up && exec busybox nc -ll -p 7777 -e sh -c 'cat; echo end'"
server=$started
trap 'stop_all' EXIT
wait_for 5 grep -q ':1E61 .* 0A ' "/proc/$server/net/tcp" "/proc/$server/net/tcp6" || hint "No server can be started in a network namespace here (see: lesson doctor)."
traced=$TMPDIR/trace
start strace -f -s 64 -o "$traced" "$LAB" "$port" "$server" 7777
listening() {
	grep -qi ":$(printf %04X "$port") .* 0A " "/proc/$1/net/tcp"
}
if ! wait_for 3 listening self; then
	listening "$server" &&
		hint "TODO 1: port $port is open, but inside the pod. A socket belongs to the namespace in which its" \
			"process was when it called socket(2). So what comes first, setns or listen?"
	hint "TODO 1: nobody listens on port $port. The program said:" "$(cat "$started_output")"
fi
answer=$(echo hello | timeout 3 busybox nc 127.0.0.1 "$port")
stop "$started"
did_not 'connect\(.*htons\(7777\)' && hint "TODO 2: nobody connects to port 7777 of the pod."
did 'connect\(.*7777.*ECONNREFUSED' && hint "TODO 2: connect gives ECONNREFUSED: in which network namespace was the socket born?"
did_not 'splice\(' && hint "TODO 3: splice(2) is never called."
did 'splice\(.*EINVAL' && hint "TODO 3: splice gives EINVAL: one of its two descriptors must be a pipe:" "$(grep -m 1 'splice(.*EINVAL' "$traced")"
[[ $answer == hello* ]] || hint "TODO 3: \"hello\" was sent, and this came back: \"$answer\". The calls:" "$(grep splice "$traced" | head -n 6)"
did_not 'shutdown\(.*SHUT_WR' && hint "TODO 3: nobody tells the server that nothing more comes: shutdown(to, SHUT_WR) at the end."
[[ $answer == *end ]] || hint "TODO 3: what the server says after our end is lost. Close only the half that has ended: SHUT_WR."
hint "Nothing is missing that a hint could find: run the check."
