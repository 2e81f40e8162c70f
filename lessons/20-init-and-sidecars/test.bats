#!/usr/bin/env bats
# What runs when is read from a file in the volume, and from /proc.

# shellcheck disable=SC2154 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

setup() {
	need_userns
	volume=$BATS_TEST_TMPDIR/volume
	out=$BATS_TEST_TMPDIR/out
	mkdir "$volume"
	: >"$out"
}

@test "init commands run one by one, each to its end, before everything else" {
	lab "$volume" "main:echo main >>'$out'" "init:sleep 0.3; echo one >>'$out'" "init:echo two >>'$out'"
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	[ "$(tr '\n' ' ' <"$out")" = "one two main " ] || fail "the order should be: one two main; it was: $(tr '\n' ' ' <"$out")"
}

@test "when one fails, nothing that comes later is started, and what runs is stopped" {
	lab "$volume" "sidecar:echo \$\$ >'$out.pid'; exec sleep 60" "init:until [ -s '$out.pid' ]; do :; done; exit 3" "init:echo never >>'$out'" "main:echo never >>'$out'"
	[ "$status" -eq 1 ] || fail "the pod did not start: the status should be 1, and is $status"
	[ ! -s "$out" ] || fail "something was started after the init command that failed"
	is_dead "$(cat "$out.pid")" || fail "the sidecar still runs"
	[[ $output == *"init failed"* ]] || fail "it should say: init failed"
}

@test "they share the volume, and nobody else sees it" {
	text=$(random_name text)
	lab "$volume" "init:echo $text >page" "main:cat page" "main:cat '$volume/page'"
	[ "$(grep -c "^$text\$" <<<"$output")" -eq 2 ] || fail "both main commands should read what init wrote"
	[ -z "$(ls -A "$volume")" ] || fail "the directory should be empty for us: $(ls -A "$volume")"
}

@test "a sidecar runs beside the main commands, and later init commands" {
	lab "$volume" "sidecar:touch ready; exec sleep 60" "init:i=0; until [ -e ready ]; do i=\$((i + 1)); [ \$i -lt 100 ] || exit 9; sleep 0.05; done" "main:[ -e ready ]"
	[ "$status" -eq 0 ] || fail "it ended with status $status"
}

@test "sidecars are stopped when the last main command has ended, the youngest first" {
	lab "$volume" "sidecar:trap 'echo old >>\"$out\"; exit 0' TERM; touch a; while :; do sleep 0.05; done" \
		"sidecar:trap 'echo young >>\"$out\"; exit 0' TERM; touch b; while :; do sleep 0.05; done" \
		"main:until [ -e a ] && [ -e b ]; do sleep 0.05; done; echo first >>'$out'" "main:until [ -e a ] && [ -e b ]; do sleep 0.05; done; sleep 0.3; echo last >>'$out'"
	[ "$(tr '\n' ' ' <"$out")" = "first last young old " ] || fail "the order should be: first last young old; it was: $(tr '\n' ' ' <"$out")"
}

@test "a sidecar that ignores SIGTERM is killed after the grace, with its children" {
	begin=$SECONDS
	lab "$volume" "sidecar:trap '' TERM; sleep 63 & echo \$\$ \$! >'$out'; touch ready; while :; do sleep 0.05; done" "main:until [ -e ready ]; do sleep 0.05; done"
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	[ $((SECONDS - begin)) -le 6 ] || fail "two seconds of grace are enough"
	for pid in $(cat "$out"); do
		wait_for 2 is_dead "$pid" || fail "process $pid of the sidecar is left"
	done
}

@test "one that ends on SIGTERM is not made to wait" {
	begin=$(date +%s%N)
	lab "$volume" "sidecar:exec sleep 60" "main:true"
	[ $(($(date +%s%N) - begin)) -lt 1800000000 ] || fail "the sidecar ended at once, and podorder waited for the grace"
	[[ $output == *"exit status 143"* ]] || fail "the sidecar should get SIGTERM first (exit status 143)"
}

@test "the pod ends as the first main command that failed" {
	lab "$volume" "main:true" "main:exit 4" "main:exit 5"
	[ "$status" -eq 4 ] || fail "the status should be 4, and is $status"
}
