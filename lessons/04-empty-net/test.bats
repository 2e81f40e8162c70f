#!/usr/bin/env bats
# What is in a new network namespace is asked through /proc/net of a process in it.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

setup() {
	need_userns
	export LC_ALL=C
}

@test "the command is in a network namespace of its own" {
	lab readlink /proc/self/ns/net
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	inside=$(grep '^net:' <<<"$output") || fail "the command was not run"
	[ "$inside" != "$(ns $$ net)" ] || fail "it is still in $inside, as everybody is"
}

@test "nothing is in there but interfaces of the kernel's own making, and no address but loopback's" {
	lab cat /proc/net/dev
	grep -q '^ *lo:' <<<"$output" || fail "lo should be there"
	lab cat /proc/net/route
	[ "$(grep -c . <<<"$(tail -n +2 <<<"$(sed -n '/^Iface/,$p' <<<"$output")")")" -eq 0 ] || fail "there should be no route"
}

@test "while lo is down, 127.0.0.1 is ENETUNREACH" {
	lab true
	grep -q 'down.*ENETUNREACH' <<<"$output" || fail "connect should have been tried before lo was up, and its error told"
}

@test "both times it was port 1 that was asked for" {
	need_tool strace
	run_limited strace -f -e trace=connect "$LAB" true
	asked=$(grep -o 'sin_port=htons([0-9]*)' <<<"$output" | sort -u)
	[ "$asked" = 'sin_port=htons(1)' ] || fail "port 1 was wanted, and the kernel read: $(tr '\n' ' ' <<<"$asked")(256 is 1 in the other order of bytes)"
}

@test "with lo up, it is ECONNREFUSED" {
	lab true
	grep -q 'up.*ECONNREFUSED' <<<"$output" || fail "connect should have been tried again, and its error told"
}

@test "lo is really up: the command can reach 127.0.0.1" {
	lab cat /proc/net/fib_trie
	[[ $output == *127.0.0.1* ]] || fail "with lo up, the kernel has a route to 127.0.0.1"
	lab bash -c 'exec 3<>/dev/tcp/127.0.0.1/1'
	[[ $output == *"refused"*"refused"* ]] || fail "the command should be refused too, not unreachable"
}
