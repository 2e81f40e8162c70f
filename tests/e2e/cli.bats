#!/usr/bin/env bats
# cli.bats: the words of the command line itself: help, versions, what is refused and how, the
# program's own name, the options in front of the command.

load ../lib/common

# refused STATUS FIRST_LINE WORDS…: the command fails so, with that as its first line on stderr.
refused() {
	local wanted=$1 line=$2
	shift 2
	run --separate-stderr runpod "$@"
	echo "runpod $*: $status: $stderr"
	[ "$status" -eq "$wanted" ]
	# shellcheck disable=SC2154 # bats sets it
	[ "${stderr_lines[0]}" = "$line" ]
}

# words FILE: the commands that a help lists.
commands_of() { awk '/^Available Commands:/ { on = 1; next } !NF { on = 0 } on { print $1 }'; }

@test "help: Short, Description, Usage, Aliases, Examples, Available Commands, Options, in this order" {
	run runpod --help
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "Manage pods, containers and images" ]
	[ "$(grep -oE '^(Description|Usage|Aliases|Examples|Available Commands|Options):' <<<"$output" | paste -sd' ')" = \
		"Description: Usage: Available Commands: Options:" ]
	[ "$(runpod help)" = "$output" ]
	run runpod pod ps --help
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "List pods" ]
	[ "$(grep -oE '^(Description|Usage|Aliases|Examples|Available Commands|Options):' <<<"$output" | paste -sd' ')" = \
		"Description: Usage: Aliases: Examples: Options:" ]
	[[ "$output" == *"Usage:"$'\n'"  runpod pod ps [options]"* ]]
	[[ "$output" == *"Aliases:"$'\n'"  runpod pod ps, runpod pod ls, runpod pod list"* ]]
	[ "$(runpod help pod ps)" = "$output" ]
	[ "$(runpod pod ps -h)" = "$output" ]
}

@test "every command that help lists has a help of its own, that names its options and starts with its brief" {
	local n=0
	check() { # WORDS…
		local words=("$@") brief
		runpod "${words[@]}" --help >"$T/help" 2>"$T/err"
		[ ! -s "$T/err" ]
		n=$((n + 1))
		# its first line is what the family's list says of it
		brief=$(head -n 1 "$T/help")
		unset 'words[-1]'
		runpod "${words[@]}" --help | grep -qE "^  ${*: -1} +$brief\$"
		grep -q "^Usage:" "$T/help"
	}
	for command in $(runpod --help | commands_of); do
		check "$command"
		for sub in $(runpod "$command" --help | commands_of); do
			check "$command" "$sub"
		done
	done
	[ "$n" -gt 60 ]
	# no verb of the issue is missing
	for command in run create start stop restart kill rm ps exec logs attach wait inspect port images tag rmi import info version \
		pause unpause "container exists" "image exists" "image inspect" "image rm" "volume create" "volume ls" "volume inspect" \
		"volume rm" "volume exists" "volume prune" "pod create" "pod start" "pod stop" "pod restart" "pod kill" "pod rm" \
		"pod ps" "pod inspect" "pod exists" "pod ns"; do
		# shellcheck disable=SC2086 # words are wanted
		runpod $command --help >/dev/null
	done
}

# usage_is_podmans WORDS…: the rules that podman keeps for the line below "Usage:", and that it is true.
usage_is_podmans() {
	local usage rest whole
	whole=$(runpod "$@" --help)
	usage=$(sed -n '/^Usage:/{n;p;}' <<<"$whole")
	[[ "$usage " == "  runpod $* "* ]] || { echo "$*: not its own words: $usage"; return 1; }
	rest=${usage#"  runpod $*"}
	if grep -q '^Options:' <<<"$whole"; then
		[[ "$rest" == " [options]"* ]] || { echo "$*: [options] come first:$rest"; return 1; }
	else
		[[ "$rest" != *"[options]"* ]] || { echo "$*: there are none:$rest"; return 1; }
	fi
	rest=${rest/ \[options\]/}
	[[ ! "$rest" =~ [a-z] ]] || { echo "$*: arguments are in upper case:$rest"; return 1; }
	[[ ! "$rest" =~ \]\ [A-Z] ]] || { echo "$*: what may be missing comes last:$rest"; return 1; }
	if [ -z "$rest" ]; then
		run -125 runpod "$@" invalid-arg
		[[ "$output" == Error:*"takes no arguments"* ]]
	elif [[ "$rest" != *...* ]]; then
		# shellcheck disable=SC2086 # one word for each, and one more
		run -125 runpod "$@" $rest too-many
		[[ "$output" =~ accepts\ at\ most|arg\(s\),\ received|too\ many|takes\ no ]]
	fi
	if [[ "$rest" =~ ^\ [A-Z] ]]; then
		run -125 runpod "$@" </dev/null
		[[ "$output" =~ require|specif|must|provide|need|choose|accepts ]]
	fi
}

@test "usage lines: [options] first, arguments in upper case, what may be missing last; and they are true" {
	local n=0
	for command in $(runpod --help | commands_of); do
		local subs
		subs=$(runpod "$command" --help | commands_of)
		if [ "$command" != help ] && [ -z "$subs" ]; then
			usage_is_podmans "$command"
			n=$((n + 1))
		fi
		for sub in $subs; do
			usage_is_podmans "$command" "$sub"
			n=$((n + 1))
		done
	done
	[ "$n" -gt 80 ]
}

@test "options in a help are sorted and aligned, with their letters" {
	run runpod run --help
	[[ "$output" == *"  -d, --detach "* ]]
	[[ "$output" == *"  -e, --env stringArray "* ]]
	[[ "$output" == *"      --rm "* ]]
	options=$(sed -n '/^Options:/,$p' <<<"$output" | sed -nE 's/^  (-.,|   ) --([a-z-]+).*/\2/p')
	[ "$options" = "$(LC_ALL=C sort <<<"$options")" ]
	[ "$(wc -l <<<"$options")" -gt 40 ]
}

@test "a command that is none, or none at all" {
	refused 125 'Error: unrecognized command `runpod bogus`' bogus
	[ "${stderr_lines[1]}" = "Try 'runpod --help' for more information" ]
	refused 125 'Error: unrecognized command `runpod pod bogus`' pod bogus
	[ "${stderr_lines[1]}" = "Try 'runpod pod --help' for more information" ]
	refused 125 'Error: unrecognized command `runpod bogus`' help bogus
	for family in pod container image volume; do
		refused 125 "Error: missing command 'runpod $family COMMAND'" $family
		[[ "$output" == *"Available Commands:"* ]]
	done
	refused 125 "Error: missing command 'runpod COMMAND'"
}

@test "flags that are none, that lack an argument, or whose argument is none" {
	refused 125 "Error: unknown flag: --bogus" ps --bogus
	[ "${stderr_lines[1]}" = "See 'runpod ps --help'" ]
	refused 125 "Error: unknown flag: --bogus" run --bogus busybox
	[ "${stderr_lines[1]}" = "See 'runpod run --help'" ]
	refused 125 "Error: unknown flag: --bogus" --bogus ps
	[ "${stderr_lines[1]}" = "See 'runpod --help'" ]
	refused 125 "Error: unknown shorthand flag: 'Z' in -Z" ps -Z
	refused 125 "Error: unknown shorthand flag: 'Z' in -Zq" ps -aZq
	refused 125 "Error: flag needs an argument: --name" run --name
	refused 125 "Error: flag needs an argument: 'h' in -h" run -h
	refused 125 "Error: flag needs an argument: 'h' in -h" pod create -h
	refused 125 "Error: flag needs an argument: 's' in -s" kill -s
	run runpod stop --time=soon x
	[ "$status" -eq 125 ]
	[[ "${lines[0]}" == 'Error: invalid argument "soon" for "-t, --time" flag: '* ]]
	run runpod ps --all=perhaps
	[ "$status" -eq 125 ]
	[[ "${lines[0]}" == 'Error: invalid argument "perhaps" for "-a, --all" flag: '* ]]
}

@test "how many arguments: none, at most, at least" {
	refused 125 'Error: `runpod ps` takes no arguments' ps extra
	refused 125 'Error: `runpod info` takes no arguments' info extra
	refused 125 'Error: accepts at most 1 arg(s), received 2' pod create a b
	refused 125 'Error: accepts at most 2 arg(s), received 3' port a 1 2
	refused 125 'Error: requires at least 1 arg(s), only received 0' run
	refused 125 'Error: requires at least 1 arg(s), only received 0' create --name x
	refused 125 'Error: requires at least 2 arg(s), only received 1' tag busybox
	refused 125 'Error: accepts 1 arg(s), received 0' container exists
	refused 125 'Error: you must provide at least one name or id' stop
	refused 125 'Error: --latest and containers cannot be used together' stop --latest x
	refused 125 'Error: --latest and pods cannot be used together' pod stop --latest x
	refused 125 'Error: no arguments are needed with --all' stop --all x
	refused 125 'Error: --all and --latest cannot be used together' rm --all --latest
}

@test "flags in all their forms: bundled, with = and without, before and behind arguments, -- ends them" {
	name=$(rnd)
	runpod create --name="$name" -it --network=none -eA=b -e B=c busybox sh
	[ "$(runpod inspect "$name" -f '{{.Config.Tty}}{{.Config.OpenStdin}}')" = truetrue ]
	[ "$(runpod ps -aqf "name=$name" --no-trunc=true)" = "$(runpod inspect --format='{{.Id}}' -- "$name")" ]
	[ "$(runpod ps -aqfname="$name" --no-trunc=false | wc -c)" -eq 13 ]
	[ -z "$(runpod ps --all=false -q)" ]
	run runpod ps -a=true -q
	[ "$status" -eq 0 ]
	# options end at the image's name, and at the container's of exec
	[ "$(runpod run --rm --network none busybox echo --rm -d)" = "--rm -d" ]
	runpod run -d --network none --name "$name-2" busybox sleep 1000
	[ "$(runpod exec "$name-2" echo -it --help)" = "-it --help" ]
	# others take theirs anywhere
	runpod rm "$name-2" -f
}

@test "version: --version, -v, version and its format" {
	run runpod --version
	[ "$status" -eq 0 ]
	[[ "$output" =~ ^runpod\ version\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[ "$(runpod -v)" = "$output" ]
	version=${output##* }
	run runpod version
	grep -qE "^Version: +$version\$" <<<"$output"
	[ "$(runpod version --format '{{.Client.Version}}')" = "$version" ]
	runpod version -f json | python3 -c 'import json, sys; assert json.load(sys.stdin)["Client"]["Version"] == sys.argv[1]' "$version"
}

@test "info: what this host can do, as text, as json, by field" {
	run runpod info
	[ "$status" -eq 0 ]
	runpod info --format json | python3 -c 'import json, sys; assert json.load(sys.stdin)["host"]'
	[ "$(runpod info --format '{{.Host.Arch}}')" = "$(uname -m)" ]
	[[ "$(runpod info)" == *"$T/root"* ]]
	run runpod info --format '{{.Nope}}'
	[ "$status" -eq 125 ]
}

@test "called by another name, a link podman or docker, it speaks of itself by that" {
	for name in podman docker; do
		ln -sf "$RUNPOD" "$T/$name"
		as() { "$T/$name" --root "$T/root" --runroot "$T/run" "$@" 3>&-; }
		[[ "$(as --version)" == "$name version "* ]]
		run as run --bogus
		[ "${lines[1]}" = "See '$name run --help'" ]
		run as bogus
		[ "${lines[0]}" = "Error: unrecognized command \`$name bogus\`" ]
		run as pod ps --help
		[[ "$output" == *"  $name pod ps [options]"* ]]
		not grep -q runpod <<<"$output"
		run as ps extra
		[ "$output" = "Error: \`$name ps\` takes no arguments" ]
		[ "$(as run --rm --network none busybox sh -c 'echo $container')" = "$name" ]
	done
}

@test "--noout and --out FILE: where results go; errors stay on stderr" {
	run --separate-stderr runpod --noout ps
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	run --separate-stderr runpod --out "$T/out" ps
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ "$(cat "$T/out")" == "CONTAINER ID"* ]]
	run runpod --out "$T/out" run --rm --network none busybox echo caught
	[ "$status" -eq 0 ]
	[ "$(cat "$T/out")" = caught ]
	run --separate-stderr runpod --noout inspect nosuch
	[ "$status" -eq 125 ]
	[ "$stderr" = 'Error: no such object: "nosuch"' ]
	refused 125 "Error: open $T/no/dir for output: No such file or directory" --out "$T/no/dir" ps
}

@test "--log-level: known ones; error silences warnings; --root and --runroot hold everything" {
	for level in trace debug info warn warning error fatal panic ERROR; do
		runpod --log-level $level ps >/dev/null
	done
	refused 1 'Error: Log Level "loud" is not supported, choose from: trace, debug, info, warn, warning, error, fatal, panic' \
		--log-level loud ps
	name=$(rnd)
	runpod run -d --network none --name "$name" busybox sh -c 'trap "" TERM; echo up; while :; do sleep 0.05; done'
	wait_until 5 log_says "$name" up
	run --separate-stderr runpod --log-level error stop -t 1 "$name"
	[ -z "$stderr" ]
	mkdir "$T/else"
	[ -z "$(timeout 20 "$RUNPOD" --root "$T/else/root" --runroot "$T/else/run" ps -aq)" ]
	run env RUNPOD_ROOT="$T/root" RUNPOD_RUN="$T/run" "$RUNPOD" ps -a --format '{{.Names}}'
	[ "$output" = "$name" ]
}

@test "output that cannot be written is an error, a closed pipe hangs nobody" {
	run sh -c "'$RUNPOD' --root '$T/root' --runroot '$T/run' ps >/dev/full"
	[ "$status" -eq 125 ]
	[[ "$output" == *"write standard output"* ]]
	[ "$(runpod run --help | head -n 1)" = "Create a new container and run it" ] || [ -n "$(runpod run --help | head -n 1)" ]
	# closed descriptors harm nobody
	run sh -c "'$RUNPOD' --root '$T/root' --runroot '$T/run' run --rm --network none busybox echo hi <&- 2>&-"
	[ "$output" = hi ]
}

@test "a caller's open files, environment and directory do not come along; nor does a deleted one hurt" {
	mkdir "$T/gone"
	cd "$T/gone"
	rmdir "$T/gone"
	[ "$(runpod run --rm --network none busybox pwd)" = / ]
	cd /
	exec 9<"$RUNPOD"
	name=$(rnd)
	runpod run -d --network none --name "$name" busybox sleep 1000
	supervisor=$(runpod inspect -f '{{.State.ConmonPid}}' "$name")
	exec 9<&-
	if [ "$(id -u)" = 0 ]; then
		[ "$(find "/proc/$supervisor/fd" -lname "$RUNPOD" | wc -l)" -eq 0 ]
		[ "$(readlink "/proc/$supervisor/cwd")" = / ]
		[ "$(find "/proc/$(ctr_pid "$name")/fd" | wc -l)" -eq 4 ] # the directory, 0, 1 and 2
	fi
}

@test "completion: a script for each shell, and names completed live" {
	for shell in bash zsh fish; do
		run runpod completion $shell
		[ "$status" -eq 0 ]
		[[ "$output" == *runpod* ]]
	done
	run runpod completion tcsh
	[ "$status" -eq 125 ]
}
