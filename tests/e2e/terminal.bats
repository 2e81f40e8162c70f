#!/usr/bin/env bats
# terminal.bats: what a person at a terminal sees: run -it, exec -it, attach, detach keys, the
# window's size, ^C, and that the terminal is given back as it was. tmux is the person.

load ../lib/common

setup() {
	common_setup
	skip_unless_tool tmux
	export TMUX_TMPDIR=$T
	SOCKET=$(rnd)
	printf '#!/bin/sh\nexec %q --root %q --runroot %q "$@"\n' "$RUNPOD" "$T/root" "$T/run" >"$T/rp"
	chmod 755 "$T/rp"
	terminal new-session -d -x 100 -y 30 "PATH=$T:\$PATH PS1='host> ' ENV= exec sh"
	terminal set-option -g status off
	wait_until 10 shows 'host>'
}

teardown() {
	terminal kill-server 2>/dev/null || :
	common_teardown
}

terminal() { env -u TMUX tmux -L "$SOCKET" -f /dev/null "$@" 3>&-; }

screen() { terminal capture-pane -p -S - | sed 's/ *$//' | sed '/^$/d'; }

# shows TEXT: it stands on the screen; shows_line TEXT: as a line of its own; ends_with TEXT: the
# cursor stands behind it.
shows() { screen | grep -qF -- "$1"; }
shows_line() { screen | grep -qxF -- "$1"; }
ends_with() { [[ "$(screen | tail -n 1)" == *"$1" ]]; }

type_line() { terminal send-keys -l -- "$1" && terminal send-keys Enter; }
press() { terminal send-keys "$@"; }

# The settings of the pane's terminal, whoever sits in front of it; not its size.
settings() { stty -g -F "$(terminal display-message -p '#{pane_tty}')"; }

running() { [ "$(runpod inspect -f '{{.State.Status}}' "$1" 2>/dev/null)" = running ]; }

@test "run -it: a shell of the container at the terminal; its exit code; the terminal as it was" {
	before=$(settings)
	type_line "rp run --rm -it --network none busybox sh"
	wait_until 10 ends_with '/ #'
	[ "$(settings)" != "$before" ] # raw
	type_line 'tty; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo all"-"three; echo "<$TERM>"'
	wait_until 5 shows_line all-three
	shows_line '<xterm>'
	screen | grep -qE '^/dev/(pts/[0-9]+|console)$'
	type_line 'exit 42'
	wait_until 10 ends_with 'host>'
	[ "$(settings)" = "$before" ]
	type_line 'echo "code=$?"'
	wait_until 5 shows_line code=42
	# the end of input ends a shell
	type_line "rp run --rm -it --network none busybox sh"
	wait_until 10 ends_with '/ #'
	press C-d
	wait_until 10 ends_with 'host>'
	[ "$(settings)" = "$before" ]
}

@test "the window's size is passed, and follows a resize; the program is told" {
	name=$(rnd)
	type_line "rp run -it --name $name --network none busybox sh -c 'trap \"stty size\" WINCH; echo up; while :; do sleep 0.05; stty size >/size; done'"
	wait_until 10 shows_line up
	size() { [ "$(runpod exec "$name" cat /size)" = "$1" ]; }
	wait_until 5 size "30 100"
	terminal resize-window -x 91 -y 17
	wait_until 5 size "17 91"
	wait_until 5 shows_line "17 91" # by SIGWINCH
	runpod rm -f -t 0 "$name"
	wait_until 5 ends_with 'host>'
}

@test "^C, ^Z and ^\\ reach the program as the terminal's signals, not the client" {
	before=$(settings)
	type_line "rp run --rm -it --network none busybox sh -c 'trap \"echo got-int\" INT; trap \"echo got-quit; exit 4\" QUIT; echo up; while :; do sleep 0.05; done'"
	wait_until 10 shows_line up
	press C-c
	wait_until 5 shows got-int
	press C-z # process 1 of a pid namespace is not stopped by it
	# shellcheck disable=SC1003 # no quote is meant
	press 'C-\'
	wait_until 5 shows got-quit
	wait_until 5 ends_with 'host>'
	type_line 'echo "code=$?"'
	wait_until 5 shows_line code=4
	[ "$(settings)" = "$before" ]
}

@test "without -t, ^C is passed on by the client as SIGINT" {
	type_line "rp run --rm --network none busybox sh -c 'trap \"echo got-int; exit 5\" INT; echo up; while :; do sleep 0.05; done'; echo code=\$?"
	wait_until 10 shows_line up
	press C-c
	wait_until 5 shows got-int
	wait_until 5 shows_line code=5
}

@test "ctrl-p ctrl-q leaves it running; attach comes back; twice" {
	before=$(settings)
	name=$(rnd)
	type_line "rp run -it --name $name --network none busybox sh"
	wait_until 10 ends_with '/ #'
	type_line 'STATE=kept'
	for round in 1 2; do
		press C-p C-q
		wait_until 5 ends_with 'host>'
		running "$name"
		[ "$(settings)" = "$before" ]
		type_line 'clear; echo "code=$?"'
		wait_until 5 shows_line code=0
		type_line "rp attach $name"
		type_line "echo \"\$STATE-$round\""
		wait_until 5 shows_line "kept-$round"
	done
	# ctrl-p alone is the program's: here the line before
	press C-p
	press Enter
	again() { [ "$(screen | grep -cxF "kept-2")" -ge 2 ]; }
	wait_until 5 again
	type_line 'exit 3'
	wait_until 5 ends_with 'host>'
	type_line 'echo "code=$?"'
	wait_until 5 shows_line code=3
	[ "$(settings)" = "$before" ]
}

@test "--detach-keys: others instead, or none" {
	name=$(rnd)
	type_line "rp run -it --detach-keys ctrl-x,x --name $name --network none busybox sh"
	wait_until 10 ends_with '/ #'
	press C-p C-q C-u # for the shell: the line before, and away with it
	type_line 'echo still"-"here'
	wait_until 5 shows_line still-here
	press C-x x
	wait_until 5 ends_with 'host>'
	running "$name"
	type_line "rp attach --detach-keys '' $name"
	type_line 'echo attached"-"again'
	wait_until 5 shows_line attached-again
	press C-p C-q C-u
	type_line 'echo and"-"stays'
	wait_until 5 shows_line and-stays
	type_line exit
	wait_until 5 ends_with 'host>'
	run runpod run --rm -it --detach-keys nonsense busybox true
	[ "$status" -eq 125 ]
}

@test "exec -it: a terminal of its own, its size and a resize, ^C, detaching, its exit code" {
	before=$(settings)
	name=$(rnd)
	runpod run -d --network none --name "$name" busybox sleep 1000
	type_line "rp exec -it $name sh"
	wait_until 10 ends_with '/ #'
	type_line 'while ! stty size | grep -q "30 100"; do :; done; echo size"-"passed'
	wait_until 5 shows_line size-passed
	terminal resize-window -x 88 -y 22
	type_line 'while ! stty size | grep -q "22 88"; do :; done; echo size"-"followed'
	wait_until 5 shows_line size-followed
	type_line 'sleep 500'
	sleeping() { [[ "$(runpod exec "$name" ps -o args)" == *"sleep 500"* ]]; }
	wait_until 5 sleeping
	press C-c # the shell lives on, sleep does not
	type_line 'echo "after $?"'
	wait_until 5 shows_line 'after 130'
	type_line 'exit 6'
	wait_until 5 ends_with 'host>'
	type_line 'echo "code=$?"'
	wait_until 5 shows_line code=6
	[ "$(settings)" = "$before" ]
	running "$name"

	type_line "clear; rp exec -it $name sh -c 'echo inside; exec sleep 501'"
	wait_until 5 shows_line inside
	press C-p C-q
	wait_until 5 ends_with 'host>'
	[ "$(settings)" = "$before" ]
}

@test "SIGTERM to the client: the program gets it, and the terminal is given back" {
	before=$(settings)
	name=$(rnd)
	pane=$(terminal display-message -p '#{pane_pid}')
	client_of() { client=$(pgrep -P "$pane" | head -n 1) && [ -n "$client" ]; }
	type_line "rp run --rm -it --network none busybox sh -c 'trap \"exit 9\" TERM; echo up; while :; do sleep 0.05; done'"
	wait_until 10 shows_line up
	wait_until 5 client_of
	[ "$(settings)" != "$before" ]
	kill -TERM "$client"
	wait_until 5 ends_with 'host>'
	type_line 'echo "code=$?"'
	wait_until 5 shows_line code=9
	[ "$(settings)" = "$before" ]

	# the client itself ends where signals are not passed on: the container lives, the terminal is restored
	type_line "clear; rp run --sig-proxy=false -it --name $name --network none busybox sh -c 'echo up; exec sleep 1000'"
	wait_until 10 shows_line up
	wait_until 5 client_of
	[ "$(settings)" != "$before" ]
	kill -TERM "$client"
	wait_until 5 gone "$client"
	running "$name"
	restored() { [ "$(settings)" = "$before" ]; }
	wait_until 5 restored
}

@test "a terminal that hangs up does not take the container along" {
	name=$(rnd)
	# SIGHUP is passed on like any other: this program does not mind
	type_line "rp run -it --name $name --network none busybox sh -c 'echo up; exec sleep 1000'"
	wait_until 10 shows_line up
	terminal kill-server
	pid=$(ctr_pid "$name")
	alive "$pid"
	running "$name"
	runpod exec "$name" true
	runpod stop -t 0 "$name"
	gone "$pid"
}

@test "start -ai and attach to one without a terminal: its output, and what is typed" {
	name=$(rnd)
	runpod create -i --network none --name "$name" busybox sh -c 'echo up; while read -r line; do echo "heard $line"; done; echo end'
	type_line "rp start -ai $name"
	wait_until 10 shows_line up
	type_line 'one word'
	wait_until 5 shows_line 'heard one word'
	press C-d
	wait_until 5 shows_line end
	wait_until 5 ends_with 'host>'
	run runpod attach "$name"
	[ "$status" -eq 125 ]
	[ "$output" = "Error: you can only attach to running containers" ]
	run runpod attach
	[ "$status" -eq 125 ]
}

@test "much output on a terminal arrives whole, and two who are attached see the same" {
	name=$(rnd)
	runpod run -dit --network none --name "$name" busybox sh
	type_line "rp attach $name"
	client attach --no-stdin "$name" >"$T/second" &
	second=$!
	[ "$(uname -m)" = x86_64 ] && poll=7 || poll=73
	polls() { [ "$(cut -d' ' -f1 "/proc/$1/syscall" 2>/dev/null)" = "$poll" ]; }
	wait_until 5 polls "$second"
	type_line 'echo ready"-"now'
	wait_until 5 shows_line ready-now
	wait_until 5 grep -q ready-now "$T/second"
	type_line 'seq 20000'
	wait_until 10 shows_line 20000
	wait_until 10 grep -q '^20000' "$T/second"
	[ "$(tr -d '\r' <"$T/second" | grep -cxE '[0-9]+')" -eq 20000 ]
	type_line exit
	wait_until 5 gone "$second"
}
