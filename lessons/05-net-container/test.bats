#!/usr/bin/env bats
# Two commands in one network namespace, and what the host can see of them.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

setup() {
	need_userns
	export LC_ALL=C
	port=$(free_port)
	serve=$(helper serve) ask=$(helper ask)
}

# donor MODE COMMAND...: starts a command by way of the learner's program, when it listens.
donor() {
	start_lab "$@"
	wait_line "$lab_output" listening || {
		output=$(cat "$lab_output")
		fail "serve should be listening"
	}
}

@test "--net=new: a namespace of its own, with lo up" {
	lab --net=new readlink /proc/self/ns/net
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	[ "$output" != "$(ns $$ net)" ] || fail "the namespace should be a new one"
	lab --net=new cat /proc/net/fib_trie
	[[ $output == *127.0.0.1* ]] || fail "lo should be up"
}

@test "--net=host: ours" {
	lab --net=host readlink /proc/self/ns/net
	[ "$output" = "$(ns $$ net)" ] || fail "the namespace should be ours"
}

@test "--net=container:PID: the other one's" {
	donor --net=new "$serve" "$port" hello
	lab --net=container:"$lab_pid" readlink /proc/self/ns/net
	[ "$output" = "$(ns "$lab_pid" net)" ] || fail "the namespace should be $(ns "$lab_pid" net)"
}

@test "a sidecar reaches the server at 127.0.0.1, the host does not" {
	donor --net=new "$serve" "$port" hello
	lab --net=container:"$lab_pid" "$ask" "$port"
	[ "$output" = hello ] || fail "the answer should be hello"
	run_limited "$ask" "$port"
	[[ $output == *ECONNREFUSED* ]] || fail "from outside nobody should answer"
}

@test "one port, two namespaces: both may have it; one namespace: only one" {
	donor --net=new "$serve" "$port" one
	first=$lab_pid
	donor --net=new "$serve" "$port" two
	lab --net=container:"$first" "$serve" "$port" three
	[[ $output == *EADDRINUSE* ]] || fail "the port is taken in there: EADDRINUSE"
}

@test "a mode that does not exist is refused" {
	lab --net=nonsense true
	[ "$status" -ne 0 ] || fail "it should be an error"
}
