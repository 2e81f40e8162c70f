#!/usr/bin/env bats
# tokube.bats: docs/TO-KUBERNETES.md is true. Its console blocks are one session that is run here and compared; its YAML
# loses nothing in the real kubectl's hands; its kubectl commands are ones that kubectl has.

load ../lib/common

doc=$TREE/docs/TO-KUBERNETES.md
# the lessons' way to run what is shown and to compare (tests/lessons/console)
eval "$(sed -nE '/^(script|block|smooth|matches)\(\) \{/,/^\}/p' "$TREE/tests/lessons/console")"

# yaml_files: the YAML blocks, each in a file that its first line names.
yaml_files() {
	awk -v dir="$T/session" '
		/^```yaml$/ { getline; file = dir "/" substr($0, 3); next }
		/^```/ { file = ""; next }
		file { print >file }' "$T/doc.md"
}

setup() {
	common_setup
	mkdir "$T/session" "$T/out"
	# the port of the text may be taken where the tests have no network of their own
	sed "s/\<8080\>/$(free_port)/g" "$doc" >"$T/doc.md"
	yaml_files
}

@test "every console block of the walk, run and compared" {
	{
		printf 'runpod() { timeout 60 "%s" --root "%s" --runroot "%s" "$@"; }\n' "$RUNPOD" "$T/root" "$T/run"
		script "$T/doc.md" "$T/out"
	} >"$T/script"
	(cd "$T/session" && timeout 100 bash "$T/script" </dev/null 3>&-)
	blocks=$(grep -c '^```console$' "$T/doc.md")
	[ "$blocks" -ge 7 ]
	for ((n = 1; n <= blocks; n++)); do
		block "$T/doc.md" "$n" | smooth >"$T/shown"
		smooth <"$T/out/$n" >"$T/actual"
		matches "$T/shown" "$T/actual" && continue
		echo "console block $n differs:"
		diff -u "$T/shown" "$T/actual" || return 1
		return 1
	done
	# what stands behind its dots
	grep -q 'Readiness:.*http-get' "$T"/out/*
	[ "$(grep -cE '^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ' "$T/out/2")" = 1 ] # the page that the clock wrote
}

# through_kubectl FILE: as kubectl writes it when it has read it into the type that it has for that kind: what the type has
# no field for is gone. ("kubectl set" does so; "label" no longer does.)
through_kubectl() {
	case $(sed -n 's/^kind: //p' "$1") in
	Service) kubectl set selector --local -f "$1" app=web -o yaml ;;
	ConfigMap) kubectl label --local -f "$1" tried=yes -o yaml ;;
	*) kubectl set env --local -f "$1" TRIED=yes -o yaml ;;
	esac
}

@test "kubectl takes the YAML of the walk and drops nothing" {
	skip_unless_tool kubectl
	# an object a file
	for file in pod deployment service; do
		awk -v to="$T/$file" '/^---/ { n++; next } { print >(to "." n + 0 ".yaml") }' "$T/session/$file.yaml"
	done
	ls "$T"/*.yaml
	for file in "$T"/*.yaml; do
		through_kubectl "$file" >"$T/theirs"
		while IFS= read -r key; do
			grep -qE "^[ -]*$key:" "$T/theirs" || { echo "$file: lost $key"; return 1; }
		done < <(grep -oE '^[ -]*[A-Za-z.]+:' "$file" | tr -d ' :-' | sort -u)
	done
	# a field that it does not know is lost
	sed 's/readinessProbe/readynessProbe/' "$T/pod.1.yaml" >"$T/wrong"
	grep -q readynessProbe "$T/wrong"
	not grep -q readynessProbe <(through_kubectl "$T/wrong")
}

@test "kubectl has the commands and options of the last section" {
	skip_unless_tool kubectl
	n=0
	while IFS= read -r line; do
		# options are read before --help is obeyed
		read -ra words <<<"$line"
		"${words[@]}" --help >/dev/null
		n=$((n + 1))
	done < <(awk '/^```sh$/ { on = 1; next } /^```/ { on = 0 } on' "$doc")
	[ "$n" -ge 5 ]
	not kubectl scale deployment/web --bogus --help >/dev/null 2>&1
}
