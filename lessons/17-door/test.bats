#!/usr/bin/env bats
# A server in a network namespace of its own, reached through the door.

# shellcheck disable=SC2154,SC2030,SC2031,SC2094 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

setup() {
	need_userns
	need_tool busybox ip
	port=$(free_port) inner=$((7000 + RANDOM % 900))
	# echoes what it is sent, and has a last word after the end of that
	start unshare --user --map-root-user --net sh -c "ip link set lo up && exec busybox nc -ll -p $inner -e sh -c 'cat; echo end'"
	server=$started
	wait_for 5 grep -qi ":$(printf %04X $inner) .* 0A " "/proc/$server/net/tcp" "/proc/$server/net/tcp6" || skip "no server can be started in a namespace here"
	start_lab "$port" "$server" "$inner"
}

listening() {
	grep -qi ":$(printf %04X $port) .* 0A " /proc/net/tcp
}

# talk TEXT: sends it through the door, closes the sending half, prints all that comes back.
talk() {
	printf '%s\n' "$1" | timeout 5 busybox nc 127.0.0.1 "$port"
}

need_door() {
	wait_for 5 listening || {
		output=$(cat "$lab_output")
		fail "nobody listens on port $port of the host; is the socket born where it should be?"
	}
}

@test "it listens on the host's port, not on the pod's" {
	need_door
	! grep -qi ":$(printf %04X "$port") " "/proc/$server/net/tcp" || fail "port $port is open inside the pod"
}

@test "what is sent reaches the server, and its answer comes back" {
	need_door
	text=$(random_name text)
	[ "$(talk "$text")" = "$text"$'\n'end ] || fail "sent: $text, got: $(talk "$text")"
}

@test "the end of one direction does not close the other" {
	# the server says "end" only after it has seen the end of what we sent
	need_door
	[[ $(talk hello) == *end ]] || fail "the server's last words, after the client's end, are lost (half-close: SHUT_WR)"
}

@test "a megabyte comes back whole" {
	need_door
	head -c 1000000 /dev/urandom >"$BATS_TEST_TMPDIR/sent"
	timeout 10 busybox nc 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/sent" | head -c 1000000 | cmp - "$BATS_TEST_TMPDIR/sent" ||
		fail "what came back is not what was sent"
}

@test "several at once, and one that stays silent holds up nobody" {
	need_door
	exec 8<>"/dev/tcp/127.0.0.1/$port"
	[ "$(talk one)" = one$'\n'end ] || fail "a silent connection holds up the next"
	exec 8>&-
}

@test "a server that is gone does not end the door" {
	need_door
	start_lab "$((port + 1))" "$server" 1
	port=$((port + 1))
	need_door
	talk hello || :
	talk hello || :
	! is_dead "$lab_pid" || fail "the door has ended because nobody answered"
	wait_line "$lab_output" ECONNREFUSED || fail "it should say ECONNREFUSED, and it said: $(cat "$lab_output")"
}

@test "the bytes go through splice" {
	need_tool strace
	need_door
	stop "$lab_pid"
	start strace -f -e trace=splice,read,write -o "$BATS_TEST_TMPDIR/trace" "$LAB" "$port" "$server" "$inner"
	need_door
	[ "$(talk hello)" = hello$'\n'end ]
	wait_for 5 grep -q 'splice(.*= [1-9]' "$BATS_TEST_TMPDIR/trace" || fail "no splice(2) that moved anything"
	! grep -q 'read(.*hello' "$BATS_TEST_TMPDIR/trace" || fail "the bytes were read into the program's memory"
}
