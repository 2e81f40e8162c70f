#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test runs in a subshell of its own: that is wanted
# control.bats: whoever can speak to a pod's supervisor commands the pod. Who cannot, and what those
# who can may not do to the others: the control socket, its clients, and the tests' clock.
# "control" (control.c) is a client without manners.

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
	chmod 755 "$T"
}

root() { [ "$(id -u)" = 0 ]; }
control() { timeout 60 "$LOCAL_TOOLS/control" "$@" 3>&-; }
supervisor() { runpod inspect --format '{{.State.ConmonPid}}' "$P"; }
socket() { find "$T/run/pods" -name control; }

# descriptors PID: how many it has; a user may not look into its own, which is not dumpable: then none.
descriptors() { if root; then find "/proc/$1/fd" -mindepth 1 | wc -l; else echo 0; fi; }
anonymous() { awk '/^RssAnon:/ { print $2 }' "/proc/$1/status"; } # KiB
has_descriptors() { [ "$(descriptors "$1")" = "$2" ]; }

# What a container looks like to which nothing has happened.
unharmed() { # SUPERVISOR
	[ "$(runpod inspect --format '{{.State.Status}}' "$P")" = running ]
	[ "$(supervisor)" = "$1" ]
	[ "$(RUNPOD_TIMEOUT=5 runpod exec "$P" echo works)" = works ]
}

# begin COMMAND...: starts it in the background; "here" is what it says when it is ready.
# Closing descriptor 8 ends it.
begin() {
	mkfifo "$T/until"
	timeout 60 "$LOCAL_TOOLS/control" "$@" <"$T/until" >"$T/said" 2>&1 3>&- &
	CROWD=$!
	exec 8>"$T/until"
	wait_until 10 grep -qx here "$T/said"
}
end() {
	exec 8>&-
	wait "$CROWD"
	rm "$T/until"
}

@test "another user does not reach the socket, and is refused when its file lets him" {
	skip_unless_root
	local dir sock
	runpod run -d --name "$P" busybox sleep 1000
	sock=$(socket)
	[ "$(stat -c %a:%u "$sock")" = 600:0 ]
	chmod 755 "$LOCAL_TOOLS/control" 2>/dev/null || :
	cp "$LOCAL_TOOLS/control" "$T/client"
	other() { setpriv --reuid 65534 --regid 65534 --clear-groups timeout 10 "$T/client" ask "$sock" "$1"; }
	run other '{"op":"stop","timeout":0}'
	[ "$output" = 'connect: Permission denied' ]
	for dir in "$T/run" "$T/run/pods" "${sock%/*}"; do chmod 755 "$dir"; done
	chmod 666 "$sock"
	for request in '{"op":"hello"}' '{"op":"stop","timeout":0}' '{"op":"remove","force":true}' '{"op":"exec","exec":{"args":["id"]}}'; do
		run other "$request"
		[[ $output == *refused ]] || { echo "$output"; false; }
	done
	[ "$(control ask "$sock" '{"op":"hello"}')" = '{}' ] # the owner is not
	unharmed "$(supervisor)"
}

@test "the machine's root does not command a user's pod by its socket" {
	! root || skip "host: this one is about an ordinary user"
	local sock
	runpod run -d --name "$P" busybox sleep 1000
	sock=$(socket)
	[ "$(stat -c %a:%u "$sock")" = "600:$(id -u)" ]
	[ "$(stat -c %a "${sock%/*}")" = 700 ]
	[ "$(control ask "$sock" '{"op":"hello"}')" = '{}' ]
}

@test "no way to the socket from inside of a container, nor to the store" {
	local sock
	runpod run -d --name "$P" busybox sleep 1000
	sock=$(socket)
	# not by name, not through any process that is seen, not as an abstract name
	run runpod exec "$P" sh -c "ls $sock $T /run/runpod /var/lib/runpod 2>/dev/null; for p in /proc/[0-9]*; do ls \$p/root$sock \$p/cwd/control 2>/dev/null; done
		grep -h control /proc/net/unix; find / -xdev -name control -type s; find / -xdev -name '*.sock'; exit 0"
	echo "$output"
	[ -z "$output" ]
	[ -S "$sock" ]
}

@test "junk: 200 connections with 4,000 packets of nonsense: the same supervisor, nothing of them left" {
	local before descriptors memory
	runpod run -d --name "$P" busybox sleep 1000
	before=$(supervisor)
	unharmed "$before"
	descriptors=$(descriptors "$before")
	control junk "$(socket)" 20 1 # what it needs once, it has by now
	wait_until 5 has_descriptors "$before" "$descriptors"
	memory=$(anonymous "$before")
	control junk "$(socket)" 180 2
	unharmed "$before"
	wait_until 5 has_descriptors "$before" "$descriptors"
	echo "$memory KiB before, $(anonymous "$before") after"
	[ "$(anonymous "$before")" -le $((memory + 256)) ]
}

@test "1,000 connections that say nothing, and half-closed ones: the pod answers others, and they leave no trace" {
	local before descriptors memory
	runpod run -d --name "$P" busybox sleep 1000
	before=$(supervisor)
	unharmed "$before"
	descriptors=$(descriptors "$before")
	begin many "$(socket)" 1000
	unharmed "$before"
	runpod ps >"$T/ps"
	grep -q "$P" "$T/ps"
	end
	wait_until 5 has_descriptors "$before" "$descriptors"
	memory=$(anonymous "$before")
	begin half "$(socket)" 500
	unharmed "$before"
	end
	wait_until 5 has_descriptors "$before" "$descriptors"
	begin many "$(socket)" 1000
	end
	unharmed "$before"
	[ "$(anonymous "$before")" -le $((memory + 256)) ]
	wait_until 5 has_descriptors "$before" "$descriptors"
}

ticks_of() { local line; read -r line <"/proc/$1/stat"; awk '{ print $12 + $13 }' <<<"${line##*) }"; } # fields 14, 15

@test "more connections than it has descriptors: it waits without turning, and goes on when they have left" {
	local before room from
	(ulimit -n 200 && runpod run -d --name "$P" busybox sleep 1000)
	before=$(supervisor)
	room=$(control room "$(socket)" 300)
	echo "room for $room"
	[ "$room" -gt 100 ]
	[ "$room" -lt 200 ]
	unharmed "$before"
	begin many "$(socket)" $((room + 30)) # some are in the queue, and stay there
	from=$(ticks_of "$before")
	not timeout 1 "$LOCAL_TOOLS/control" ask "$(socket)" '{"op":"hello"}' 3>&-
	[ $(($(ticks_of "$before") - from)) -le 20 ] # of a hundred a second
	end
	unharmed "$before"
}

@test "a client that stops reading holds up its program alone: memory is bounded, the others and stop are not held up" {
	local before memory
	runpod pod create --name "$P-pod"
	runpod run -d --pod "$P-pod" --name "$P" busybox sleep 1000
	# shellcheck disable=SC2016
	runpod run -d --pod "$P-pod" --name "$P-loud" --log-driver none busybox sh -c 'trap "exit 3" TERM; while :; do yes | head -c 1000000; done'
	before=$(supervisor)
	unharmed "$before"
	memory=$(anonymous "$before")
	begin deaf "$(socket)" 2 "{\"op\":\"attach\",\"ctr\":\"$(runpod inspect --format '{{.Id}}' "$P-loud")\",\"attach\":{\"out\":true}}"
	waits() { grep -q 'pipe_write\|pipe_w' "/proc/$1/wchan" 2>/dev/null || [ "$(awk '{ print $3 }' "/proc/$1/stat")" = S ]; }
	is_held() { local one; one=$(pgrep -P "$(ctr_pid "$P-loud")" yes) && waits "$one"; }
	wait_until 10 is_held
	unharmed "$before"
	echo "$memory KiB before, $(anonymous "$before") after"
	[ "$(anonymous "$before")" -le $((memory + 1024)) ]
	RUNPOD_TIMEOUT=10 runpod stop -t 1 "$P-loud"
	[ "$(runpod inspect --format '{{.State.Status}}' "$P-loud")" = exited ]
	unharmed "$before"
	end
	unharmed "$before"
}

@test "input for a program that does not read it waits with its sender" {
	local before memory
	runpod run -d --name "$P" busybox sleep 1000
	before=$(supervisor)
	unharmed "$before"
	memory=$(anonymous "$before")
	head -c 60000000 /dev/zero >"$T/much"
	client exec -i "$P" sleep 1001 <"$T/much" &
	runs() { pgrep -f 'sleep 1001' >"$T/pids" && [ "$(awk '{ print $3 }' "/proc/$!/stat")" = S ]; }
	wait_until 10 runs
	unharmed "$before"
	unharmed "$before"
	echo "$memory KiB before, $(anonymous "$before") after"
	[ "$(anonymous "$before")" -le $((memory + 2048)) ]
	kill -KILL $!
	runpod rm -f -t 0 "$P"
	rm "$T/much"
}

@test "what an exec leaves behind, writing for ever, does not keep the exec from ending" {
	runpod run -d --name "$P" busybox sleep 1000
	runpod exec "$P" sh -c 'yes & exit 7' >"$T/out" && return 1
	[ $? = 7 ]
	[ "$(stat -c %s "$T/out")" -le 8000000 ]
	unharmed "$(supervisor)"
}

@test "requests of the kubelet's do no more than they say; the clock moves only where a test asked for it" {
	local before sock
	runpod run -d --name "$P" busybox sleep 1000
	before=$(supervisor)
	sock=$(socket)
	for request in '{"op":"clock","advance":1000000000}' '{"op":"clock","next":true}'; do
		run control ask "$sock" "$request"
		[[ $output == *"the clock of this pod's supervisor is the machine's"*RUNPOD_TEST_CLOCK=1* ]]
		run env RUNPOD_TEST_CLOCK=1 "$RUNPOD" --root "$T/root" --runroot "$T/run" __clock "$P" 10s
		[ "$status" -ne 0 ] # it is too late to ask for it
	done
	[ "$(control ask "$sock" '{"op":"refresh"}')" = '{}' ]
	[ "$(control ask "$sock" '{"op":"reload"}')" = '{}' ]
	[ "$(control ask "$sock" '{"op":"reload","spec":{"privileged":true}}')" = '{}' ]
	unharmed "$before"
	[ "$(sed -n 's/^CapEff:.//p' "/proc/$(ctr_pid "$P")/status")" = 00000000800405fb ]
	for request in '{"op":"refresh","ctr":"../../../../etc"}' '{"op":"hello","ctr":"..\/.."}' '{"op":"nothing"}' '{"op":"exec"}' '{"op":"remove"}'; do
		run control ask "$sock" "$request"
		[[ $output == *'"error"'* ]] || { echo "$request: $output"; false; }
	done
	unharmed "$before"
	# where it was asked for, it moves, and only forward to where it is told
	runpod rm -f -t 0 "$P"
	export RUNPOD_TEST_CLOCK=1
	runpod run -d --name "$P" busybox sleep 1000
	unset RUNPOD_TEST_CLOCK
	[[ "$(control ask "$(socket)" '{"op":"clock","advance":1000000000}')" == '{"moved":1000000000,'* ]]
	unharmed "$(supervisor)"
	# the last request of all: a pod that is terminating is stopped, and no more
	[[ "$(control ask "$(socket)" '{"op":"stop","timeout":0,"terminating":true}')" == '{"exit_code":'* ]]
	[ "$(runpod inspect --format '{{.State.Status}}' "$P")" = exited ]
	runpod start "$P"
	unharmed "$(supervisor)"
}
