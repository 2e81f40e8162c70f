#!/usr/bin/env bats
# What nsview says is held against readlink(1) and against namespaces that are made here.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

# cell ROW COLUMN: of the matrix in $output; row 0 is the heading, column 1 the PID.
cell() {
	awk -v row="$1" -v column="$2" 'NR == row + 1 { print $column }' <<<"$output"
}

# digits PID KIND: the last five digits of the number, from readlink.
digits() {
	ns "$1" "$2" | sed 's/.*\(.....\)\]/\1/'
}

kinds=(user cgroup ipc net uts pid mnt)

@test "every cell has the number that readlink gives" {
	lab $$
	for i in 0 1 2 3 4 5 6; do
		[ "$(cell 1 $((i + 3)))" = "$(digits $$ "${kinds[i]}")" ] ||
			fail "${kinds[i]} of process $$ is $(ns $$ "${kinds[i]}"), so the cell should be $(digits $$ "${kinds[i]}")"
	done
}

@test "two shells match in every column" {
	start bash -c 'read line'
	one=$started
	start bash -c 'read line'
	lab "$one" "$started"
	for i in 0 1 2 3 4 5 6; do
		[ "$(cell 2 $((i + 3)))" = "=$(digits $$ "${kinds[i]}")" ] ||
			fail "both shells are in $(ns $$ "${kinds[i]}"), so the second row should have =$(digits $$ "${kinds[i]}")"
	done
}

@test "a process with namespaces of its own differs where it should" {
	need_userns
	start unshare --user --uts sleep 60
	wait_for 5 other_ns uts $$ "$started"
	lab $$ "$started"
	[ "$(cell 2 3)" = "$(digits "$started" user)" ] || fail "its user namespace is its own: no ="
	[ "$(cell 2 7)" = "$(digits "$started" uts)" ] || fail "its uts namespace is its own: no ="
	[ "$(cell 2 6)" = "=$(digits $$ net)" ] || fail "it shares the net namespace: ="
}

@test "all rows above count, not only the nearest" {
	need_userns
	start unshare --user --uts sleep 60
	wait_for 5 other_ns uts $$ "$started"
	lab $$ "$started" $$
	for i in 0 1 2 3 4 5 6; do
		[ "$(cell 3 $((i + 3)))" = "=$(digits $$ "${kinds[i]}")" ] ||
			fail "the third row is the same process as the first, so its cell should be =$(digits $$ "${kinds[i]}")"
	done
}

@test "a process that we may not look at is shown with question marks" {
	[ "$(id -u)" -ne 0 ] || skip "root may look at everything"
	cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/sealed"
	chmod 111 "$BATS_TEST_TMPDIR/sealed" # may be run, not read: the kernel guards it from us
	start "$BATS_TEST_TMPDIR/sealed" 60
	wait_for 5 grep -q sealed "/proc/$started/comm"
	! ns "$started" net 2>/dev/null || fail "this machine lets us look at it"
	lab $$ "$started"
	[ "$(cell 2 2)" = sealed ] || fail "there should be a row for process $started"
	for i in 3 4 5 6 7 8 9; do
		[ "$(cell 2 $i)" = "?" ] || fail "readlink gives EACCES there, so the cell should be ?"
	done
	[ "$(cell 1 3)" != "?" ] || fail "process $$ may be looked at"
	[[ $output == *"1 of 2 rows"* ]] || fail "one row of two could not be read; the last line should say so"
}

@test "without arguments all processes are shown" {
	start sleep 60
	lab
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	grep -Eq "^ *$started +sleep .*=$(digits $$ net)" <<<"$output" || fail "process $started should be there"
}
