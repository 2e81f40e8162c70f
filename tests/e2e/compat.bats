#!/usr/bin/env bats
# compat.bats: docs/COMPAT.md is what the program says of itself, has every command, and its notes are true: those
# that no other file tries are tried here.

load ../lib/common

@test "the committed table is what the program's own tables make" {
	runpod __compat >"$T/COMPAT.md"
	diff -u "$TREE/docs/COMPAT.md" "$T/COMPAT.md" || { echo "make compat writes it anew"; return 1; }
}

@test "every command and alias of the table has a row, every command that is left out too" {
	runpod __compat >"$T/COMPAT.md"
	n=0
	for family in "" pod container image volume network; do
		# shellcheck disable=SC2086 # no word at all for the program
		for word in $(runpod $family --help | awk '/^Available Commands:/ { on = 1; next } !NF { on = 0 } on { print $1 }'); do
			# shellcheck disable=SC2086
			! runpod $family "$word" --help | grep -q '^Available Commands:' || continue # a family
			grep -qE "^\|.*\`${family:+$family }$word\`.*\|.*\|.*\|.*\|.*\|" "$T/COMPAT.md" || { echo "no row: $family $word"; return 1; }
			n=$((n + 1))
		done
	done
	[ "$n" -gt 80 ]
	while IFS=$'\t' read -r words instead; do
		grep -qF "| \`$words\` | ${instead//|/\\|} |" "$T/COMPAT.md"
	done < <(runpod __refused)
	# a refused option, and one that does nothing
	grep -q '`--gpus` | refused |' "$T/COMPAT.md"
	grep -q '`--external` | no effect |' "$T/COMPAT.md"
}

@test "what the notes say: names, files and words of the others" {
	name=$(rnd)
	# built-in images stay
	runpod run --rm busybox true
	runpod rmi busybox >/dev/null || :
	runpod image exists busybox
	# kinds, in kubectl's words
	for kind in pods configmaps secrets; do
		run runpod get $kind
		[ "$status" -eq 0 ]
		[[ "$output" == "No resources found"* ]]
	done
	run runpod get deployments
	[ "$status" -ne 0 ]
	# one driver of volumes
	run runpod volume create --driver nfs "$name"
	[ "$status" -eq 125 ]
	# play's pods stop with their last container
	printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec:\n  containers: [{name: a, image: busybox, command: [sleep, "1000"]}]\n' "$name" >"$T/pod.yaml"
	runpod kube play "$T/pod.yaml" >/dev/null
	[ "$(runpod pod inspect --format '{{.ExitPolicy}}' "$name")" = stop ]
	[ "$(runpod logs "$name" 2>&1)" = "" ]
	[ "$(runpod exec "$name" -c a -- echo here)" = here ]
	run runpod debug "$name" --copy-to=x --image busybox
	[ "$status" -eq 125 ]
}

@test "options that a note calls not there are not there" {
	n=0
	while IFS= read -r row; do
		words=$(sed -E 's/^\| `([^`]*)`.*/\1/' <<<"$row")
		for option in $(sed 's/.*Not there: \([^.]*\)\..*/\1/' <<<"$row" | tr -d '`,'); do
			# shellcheck disable=SC2086 # words are wanted
			run runpod $words "$option=x"
			[ "$status" -eq 125 ]
			[ "${lines[0]}" = "Error: unknown flag: $option" ]
			n=$((n + 1))
		done
	done < <(grep 'Not there: ' "$TREE/docs/COMPAT.md")
	[ "$n" -gt 30 ]
}

@test "pod rm -f does not wait for a program that ignores SIGTERM" {
	name=$(rnd)
	runpod run -d --pod "new:$name" --name "$name-c" busybox sh -c 'trap "" TERM; while :; do sleep 1000; done' >/dev/null
	before=${EPOCHREALTIME/./}
	runpod pod rm -f "$name" >/dev/null
	[ $((${EPOCHREALTIME/./} - before)) -lt 8000000 ]
}

@test "kubectl's words that only a cluster could do are refused with a hint" {
	for words in "port-forward web 80" "scale deployment web --replicas=2" "rollout status deployment/web" "edit pod web" cordon; do
		# shellcheck disable=SC2086 # words are wanted
		run runpod $words
		[ "$status" -eq 125 ]
		[[ "$output" == "Error: \`runpod ${words%% *}\` is left out on purpose: "* ]]
	done
}
