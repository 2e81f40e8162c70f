#!/usr/bin/env bats
# The benchmark itself: that it runs from one end to the other, measures what it says, and
# leaves nothing. How fast runpod is is not asked here: a loaded machine would answer.
#
# rootless: no
# (without root most of its lines are skipped: there would be nothing to look at)

load ../lib/common

setup_file() {
	export OUT=$BATS_FILE_TMPDIR/out
	cd "$TREE" && TMPDIR=$BATS_FILE_TMPDIR BENCH_ROUNDS=2 BENCH_PODS=5 timeout -k 5 120 tests/bench/run >"$OUT" 2>&1 3>&-
}

# row TEXT: the numbers of a line of the table.
row() {
	local line
	line=$(grep -F -- "  $1 " "$OUT") || { echo "no line: $1" >&2; cat "$OUT" >&2; return 1; }
	line=${line#*"$1"}
	[[ $line =~ ^\ +[0-9]+\ +[0-9]+ ]] || { echo "no numbers: $1$line" >&2; cat "$OUT" >&2; return 1; }
}

# verdict TEXT: it says ok or over.
verdict() { grep -F -- "  $1 " "$OUT" | grep -qE '<= [0-9]+ +(ok|over)$' || { cat "$OUT"; return 1; }; }

@test "the pod cycle stands beside the floor, without a network and on the bridge" {
	[ "$(grep -cE '^  floor: the bare kernel calls +[0-9]+ +[0-9]+ +1\.00$' "$OUT")" -eq 3 ]
	[ "$(grep -cE '^  runpod run --rm --pod new:X; pod rm -f X +[0-9]+ +[0-9]+ +[0-9.]+$' "$OUT")" -eq 2 ]
	verdict "pod cycle (none) / floor"
	verdict "pod cycle (bridge) / floor"
}

@test "one container, an exec and the start-up are measured, and so are the peers that are here" {
	row "runpod run --rm --network none"
	row "setns and exec, bare"
	row "runpod exec"
	row "runpod version"
	row "runpod ps, nothing there"
	local peer
	for peer in "crun run" "runc run" "crun exec"; do # if not measured, then with the reason
		row "$peer" 2>/dev/null || grep -qE "^  $peer +skipped: ." "$OUT"
	done
	verdict "exec / bare setns and exec"
}

@test "an idle pod's memory is told for pause and supervisor" {
	row pause
	row "runpod's supervisor, one a pod"
	verdict "supervisor, KiB of its own"
}

@test "pods are really alive while they are listed" {
	grep -qE '^  1 pods alive ' "$OUT"
	grep -qE '^  5 pods alive ' "$OUT"
	row "runpod pod ps, 5 pods"
	verdict "pod ps of 5 / reading the files"
	grep -qE '^  5 pods removed in ' "$OUT"
}

@test "a published port is compared with the pod itself" {
	row "this host, over lo"
	row "the pod itself, over its bridge"
	row "published by runpod"
}

@test "it says how many targets are missed, and leaves nothing" {
	grep -qE '^(every target is met|[0-9]+ over target)$' <(tail -n 1 "$OUT")
	run ! grep -E ' failed$|No such file|cannot|line [0-9]+:' "$OUT"
	run ! compgen -G "$BATS_FILE_TMPDIR/rb.*"
	[ -z "$(find "$(cgroup_root)" -name 'suite-bench*')" ]
}
