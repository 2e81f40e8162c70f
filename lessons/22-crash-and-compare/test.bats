#!/usr/bin/env bats
# Who is in which namespace is asked of /proc; when a container started, of the container.

# shellcheck disable=SC2154 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

setup() {
	need_userns
	cd "$BATS_TEST_TMPDIR" || return 1
	start unshare --user --map-root-user --net --ipc --uts "$BIN/pause"
	donor=$started
	wait_for 5 grep -qx pause "/proc/$donor/comm"
	: >out
}

# running ARGS: the PID of the container that has these words, a child of keeper; or nothing.
running() {
	local pid
	for pid in $(children "$lab_pid"); do
		[ "$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")" != "$* " ] || echo "$pid"
	done
}
runs() {
	[ -n "$(running "$@")" ]
}

# runs_again OLD ARGS: another process than OLD has these words.
runs_again() {
	local new
	new=$(running "${@:2}") && [ -n "$new" ] && [ "$new" != "$1" ]
}

# crash ARGS: kills the container, and waits until it runs again.
crash() {
	local old
	old=$(running "$@")
	kill -KILL "$old"
	wait_for 5 runs_again "$old" "$@" || fail "process $old ($*) was killed, and was not started again"
}

# starts N: whether the container wrote N times to out that it started.
starts() {
	[ "$(wc -l <out)" -ge "$1" ]
}

# milliseconds N: between start N and the next, from out.
milliseconds() {
	awk -v n="$1" 'NR == n { first = $1 } NR == n + 1 { printf "%d\n", ($1 - first) / 1000000 }' out
}

@test "three crashes: another process each time, and the same net, ipc and uts" {
	SECOND=10 start_lab Always "$donor" sleep 61 -- sleep 62
	wait_for 5 runs sleep 61 && wait_for 5 runs sleep 62 || fail "both containers should run"
	neighbour=$(running sleep 62)
	for _ in 1 2 3; do
		crash sleep 61
		for kind in net ipc uts; do
			same_ns $kind "$donor" "$(running sleep 61)" || fail "after the crash $kind should be the one that pause holds"
			other_ns $kind $$ "$donor" || fail "$kind of the pod should not be ours"
		done
	done
	[ "$(running sleep 62)" = "$neighbour" ] || fail "the other container did not crash, and should be the same process"
}

@test "the first restart is at once" {
	start_lab Always "$donor" sleep 61
	wait_for 5 runs sleep 61
	crash sleep 61
}

@test "then it waits: 10, 20, 40 seconds" {
	SECOND=30 start_lab Always "$donor" sh -c 'date +%s%N >>out; exit 1'
	wait_for 10 starts 5 || fail "after $(wc -l <out) starts there was no other"
	stop "$lab_pid"
	for wait in 2:10 3:20 4:40; do
		real=$(milliseconds ${wait%:*}) least=$((${wait#*:} * 30))
		[ "$real" -ge $((least - 2)) ] || fail "restart ${wait%:*} should wait ${wait#*:} seconds of 30 ms, and came after $real ms"
	done
	[ "$(milliseconds 4)" -lt 2400 ] || fail "the fourth restart should wait 40 seconds of 30 ms, and came after $(milliseconds 4) ms"
}

@test "never longer than 300 seconds" {
	SECOND=1 start_lab Always "$donor" sh -c 'echo >>out; exit 1'
	wait_for 8 starts 13 || fail "with at most 300 ms between them there should be 13 starts in two seconds; there were $(wc -l <out) in eight"
}

@test "ten minutes without a crash, and the waits begin anew" {
	# the sixth run is healthy; the wait after it would be 160 seconds of 5 ms
	SECOND=5 start_lab Always "$donor" sh -c 'echo >>out; n=$(wc -l <out)
		case $n in 6) sleep 3.1; date +%s%N >>times ;; 7) date +%s%N >>times ;; esac; exit 1'
	wait_for 15 eval '[ "$(cat times 2>/dev/null | wc -l)" -ge 2 ]' || fail "it should have started seven times"
	stop "$lab_pid"
	pause=$((($(tail -n 1 times) - $(head -n 1 times)) / 1000000))
	[ $pause -lt 600 ] || fail "after 620 healthy seconds the restart should be at once, and came after $pause ms"
}

@test "Always: also when it ended with 0" {
	SECOND=1 start_lab Always "$donor" sh -c 'echo >>out'
	wait_for 5 starts 3 || fail "a container that ended with 0 was not started again"
}

@test "OnFailure: until it ends with 0; then the pod has succeeded" {
	SECOND=1 lab OnFailure "$donor" sh -c 'echo >>out; n=$(wc -l <out); [ $n -ne 1 ] || kill -KILL $$; [ $n -eq 3 ]' -- true
	[ "$(wc -l <out)" -eq 3 ] || fail "it is killed, fails, and succeeds: three starts, and there were $(wc -l <out)"
	[ "$status" -eq 0 ] || fail "all ended with 0 at last: the status should be 0, and is $status"
	[ "$(grep -c ' true$' <<<"$output")" -eq 1 ] || fail "the other ended with 0, and should not start again"
	[[ ${lines[-1]} == Succeeded ]] || fail "the last line should be: Succeeded"
}

@test "Never: one start each, and the pod has failed when one has" {
	SECOND=1 lab Never "$donor" sh -c 'echo >>out; kill -KILL $$' -- true
	[ "$(wc -l <out)" -eq 1 ] || fail "there should be one start, and there were $(wc -l <out)"
	[ "$status" -eq 1 ] && [[ ${lines[-1]} == Failed ]] || fail "a container was killed: the pod should be Failed, the status 1"
}

@test "while one waits, the crash of another is seen at once" {
	start_lab Always "$donor" sleep 61 -- sh -c 'echo >>out; exit 1' -- sleep 62
	wait_for 5 starts 2 || fail "the first restart should be at once"
	# the second one waits now, for ten real seconds; those before and behind it do not
	crash sleep 61
	crash sleep 62
	[ "$(wc -l <out)" -eq 2 ] || fail "the second container should wait for ten seconds"
}

@test "it sleeps while nothing happens" {
	start_lab Always "$donor" sh -c 'exit 1' -- sleep 62
	wait_for 5 runs sleep 62
	sleep 0.3
	before=$(sed 's/.*) //' "/proc/$lab_pid/stat" | awk '{ print $12 + $13 }')
	sleep 0.5
	used=$(($(sed 's/.*) //' "/proc/$lab_pid/stat" | awk '{ print $12 + $13 }') - before))
	[ $used -le 5 ] || fail "it runs in circles: $used hundredths of a second of processor time in half a second"
	! is_dead "$lab_pid" || fail "one runs and one waits, and keeper has ended"
}
