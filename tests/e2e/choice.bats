#!/usr/bin/env bats
# choice.bats: which containers, pods, volumes and networks a verb means: filters, prune, several at once;
# commands that are left out; what killed commands leave.

load ../lib/common

names() { runpod ps -a --format '{{.Names}}' --sort names "$@" | paste -sd' '; }

@test "ps: every filter" {
	runpod run -d --name a --label x=1 --network none --restart always busybox sleep 1000
	runpod create --name b --label x=2 --annotation k=v -v vol:/v busybox true
	runpod run --name c --network none busybox sh -c 'exit 3' || :
	[ "$(names)" = "a b c" ]
	[ "$(names --filter label=x)" = "a b" ]
	[ "$(names --filter label=x=2)" = "b" ]
	[ "$(names --filter label!=x)" = "c" ]
	[ "$(names --filter label!=x=1)" = "b c" ]
	[ "$(names --filter annotation=k=v)" = "b" ]
	[ "$(names --filter status=created)" = "b" ]
	[ "$(names --filter status=exited --filter status=running)" = "a c" ]
	[ "$(names --filter exited=3)" = "c" ]
	[ "$(names --filter exited=0)" = "" ]
	[ "$(names --filter volume=vol)" = "b" ]
	[ "$(names --filter restart-policy=always)" = "a" ]
	[ "$(names --filter should-start-on-boot=true)" = "a" ]
	[ "$(names --filter should-start-on-boot=false)" = "b c" ]
	[ "$(names --filter before=b)" = "a" ]
	[ "$(names --filter since=b)" = "c" ]
	[ "$(names --filter until=1h)" = "" ]
	[ "$(names --filter until="$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)")" = "a b c" ]
	[ "$(names --filter network=none)" = "a c" ]
	[ "$(names --filter network=bridge)" = "" ]
	[ "$(names --filter command=sle)" = "a" ]
	[ "$(names --filter 'name=^[ab]$')" = "a b" ]
	[ "$(names --filter id="$(runpod inspect --format '{{.Id}}' c)")" = "c" ]
	[ "$(names --filter ancestor=busybox)" = "a b c" ]
	id=$(runpod inspect --format '{{.Id}}' c)
	[ "$(names --filter id="${id^^}")" = "c" ]
	[ "$(names --filter "id=^${id:0:9}")" = "c" ]
	[ "$(names --filter 'id=[^0-9a-f]')" = "" ]
	for wrong in "colour=red" "status=bogus" "until=never" "before=nobody"; do
		run runpod ps --filter "$wrong"
		[ "$status" -eq 125 ]
		echo "$output"
		[[ "$output" == "Error: "* ]]
	done
}

@test "ps --ns shows the numbers of the kernel's namespaces" {
	runpod run -d --name a --network none busybox sleep 1000
	pid=$(ctr_pid a)
	run runpod ps --ns
	[[ "${lines[0]}" =~ ^CONTAINER\ ID\ +NAMES\ +PID\ +CGROUPNS\ +IPC\ +MNT\ +NET\ +PIDNS\ +USERNS\ +UTS$ ]]
	[ "$(runpod ps --format '{{.NET}} {{.IPC}} {{.UTS}} {{.MNT}} {{.Pid}}')" = \
		"$(ns_inode "$pid" net) $(ns_inode "$pid" ipc) $(ns_inode "$pid" uts) $(ns_inode "$pid" mnt) $pid" ]
}

@test "pod ps: filters by label, time and network; restarts" {
	runpod pod create --name one --label x=1 --network none
	runpod pod create --name two --network none
	runpod pod start one
	pods() { runpod pod ps --format '{{.Name}}' --sort name "$@" | paste -sd' '; }
	[ "$(pods --filter label!=x)" = two ]
	[ "$(pods --filter label=x=1)" = one ]
	[ "$(pods --filter until=1h)" = "" ]
	[ "$(pods --filter network=none)" = one ]
	[ "$(runpod pod ps --format '{{.Name}} {{.Restarts}} {{.Networks}}' --filter name=one)" = "one 0 [none]" ]
	run runpod pod ps --filter until=never
	[ "$status" -eq 125 ]
}

@test "stop, start, restart, kill, rm --filter act on what ps --filter shows" {
	for name in a b c; do runpod run -d --name "$name" --label "l=$name" --network none busybox sleep 1000; done
	runpod stop -t 0 --filter label=l=a --filter label=l
	[ "$(names --filter status=exited)" = a ]
	runpod kill --filter name=b
	runpod wait b
	[ "$(names --filter status=exited)" = "a b" ]
	runpod start --filter label=l=a
	[ "$(names --filter status=exited)" = b ]
	runpod rm -f --filter name=a --filter name=c
	[ "$(names)" = b ]
	run runpod stop --filter name=b b
	[ "$status" -eq 125 ]
	[ "$output" = "Error: --filter takes no arguments" ]
	# start alone takes names too: those of them that pass
	runpod create --name d --restart on-failure --network none busybox true
	[ "$(runpod start --filter restart-policy=on-failure b d)" = d ]
	run runpod start --filter restart-policy=bogus d
	[ "$status" -eq 125 ]
	[ "$output" = "Error: bogus invalid restart policy" ]
}

@test "container prune, volume prune: only what the filter means, and only when confirmed" {
	runpod create --name a --label x=1 busybox true
	runpod create --name b busybox true
	runpod run -d --name c --label x=1 --network none busybox sleep 1000
	run bash -c "echo n | '$RUNPOD' --root '$T/root' --runroot '$T/run' container prune"
	[[ "$output" == "WARNING! This will remove all non running containers."* ]]
	[ "$(names)" = "a b c" ]
	runpod container prune -f --filter until=1h
	[ "$(names)" = "a b c" ]
	id=$(runpod inspect --format '{{.Id}}' a)
	[ "$(runpod container prune -f --filter label=x)" = "$id" ]
	[ "$(names)" = "b c" ]
	runpod container prune -f --filter label!=x
	[ "$(names)" = "c" ]
	run runpod container prune -f --filter name=c
	[ "$status" -eq 125 ]
	[ "$output" = "Error: name is an invalid filter" ]
	runpod volume create --label q=1 one
	runpod volume create two
	[ "$(runpod volume ls -q --filter label!=q)" = two ]
	[ "$(runpod volume ls -q --filter until=1h)" = "" ]
	[ "$(runpod volume ls -q --filter driver=local --filter scope=local | paste -sd' ')" = "one two" ]
	[ -z "$(runpod volume ls -q --filter driver=nfs)" ]
	[ "$(runpod volume prune -f --filter label=q=1)" = one ]
	[ "$(runpod volume ls -q)" = two ]
}

@test "several are stopped at once: each needs its whole time, all together no more" {
	stubborn() { runpod run -d --network none "$@" busybox sh -c 'trap : TERM; echo up; while :; do sleep 0.05; done'; }
	for name in a b c d; do stubborn --name "$name"; done
	for name in a b c d; do wait_until 5 log_says "$name" up; done
	start=${EPOCHREALTIME/./}
	[ "$(runpod stop -t 2 a b c d 2>/dev/null | paste -sd' ')" = "a b c d" ]
	took=$((${EPOCHREALTIME/./} - start))
	[ "$took" -ge 2000000 ]
	[ "$took" -lt 6000000 ] # one after the other: 8 seconds
	for pod in p q r; do
		runpod pod create --network none --name "$pod"
		stubborn --pod "$pod" --name "$pod-c" --network ""
		wait_until 5 log_says "$pod-c" up
	done
	start=${EPOCHREALTIME/./}
	runpod pod stop -t 2 -a 2>/dev/null
	[ $((${EPOCHREALTIME/./} - start)) -lt 5000000 ]
	runpod start a b c
	for name in a b c; do wait_until 5 log_says "$name" up; done
	start=${EPOCHREALTIME/./}
	runpod rm -f -t 2 -a >"$T/out" 2>/dev/null
	[ $((${EPOCHREALTIME/./} - start)) -lt 5000000 ]
	[ "$(wc -l <"$T/out")" -eq 10 ] # with the pods' infra
}

@test "a command killed between its records leaves nothing that stays" {
	mkdir -p "$T/root"
	for point in pod-record record; do
		RUNPOD_FAILPOINT=$point runpod create --name gone --network none busybox true || :
		RUNPOD_FAILPOINT=$point runpod pod create --name gonepod --network none || :
	done
	[ -n "$(ls "$T/root/pods")" ]
	[ -z "$(runpod ps -aq)" ]
	[ -z "$(ls "$T/root/pods")" ]
	runpod rm -a
	[ -z "$(ls "$T/root/names")" ]
	# but not what is just being made: its maker holds its lock
	RUNPOD_FAILPOINT=record runpod create --name gone --network none busybox true || :
	pod=$(ls "$T/root/pods")
	exec 9>"$T/run/pods/$pod/lock"
	flock 9
	runpod ps -a
	[ "$(ls "$T/root/pods")" = "$pod" ]
	exec 9>&-
	runpod ps -a
	[ -z "$(ls "$T/root/pods")" ]
}

@test "network ls, inspect, exists: the built-in ones" {
	[ "$(runpod network ls -q | paste -sd' ')" = "bridge host none pasta" ]
	run runpod network ls
	[[ "${lines[0]}" =~ ^NETWORK\ ID\ +NAME\ +DRIVER$ ]]
	[ "${#lines[@]}" -eq 5 ]
	id=$(printf bridge | sha256sum | cut -c1-64)
	[ "$(runpod network ls --no-trunc --format '{{.ID}}' --filter name=bridge)" = "$id" ]
	[ "$(runpod network inspect --format '{{.name}} {{.id}} {{(index .subnets 0).subnet}}' "${id:0:12}" 2>/dev/null ||
		runpod network inspect --format '{{.Name}} {{.ID}}' "${id:0:12}")" != "" ]
	runpod network exists host
	run runpod network exists nothing
	[ "$status" -eq 1 ]
	run --separate-stderr runpod network inspect nothing bridge
	[ "$status" -eq 125 ]
	[[ "$output" == *'"name": "bridge"'* ]]
	# shellcheck disable=SC2154 # bats sets it
	[ "$stderr" = "Error: network nothing: unable to find network with name or ID nothing: network not found" ]
	name=$(rnd)
	runpod run -d --network none --name "$name" busybox sleep 1000
	[[ "$(runpod network inspect none)" == *"\"name\": \"$name\""* ]]
}

@test "commands that are left out say what to do instead; others are none" {
	n=0
	while IFS=$'\t' read -r words instead; do
		[ -n "$instead" ]
		# shellcheck disable=SC2086 # words are wanted
		run runpod $words --some-flag arg
		[ "$status" -eq 125 ]
		[ "$output" = "Error: \`runpod $words\` is left out on purpose: $instead" ]
		n=$((n + 1))
	done < <(runpod __refused)
	[ "$n" -gt 60 ]
	while IFS=$'\t' read -r words instead; do
		# shellcheck disable=SC2086 # words are wanted
		run runpod $words
		[ "$status" -eq 125 ]
		[ "$output" = "Error: ${words##* } is left out on purpose: $instead" ]
	done < <(runpod __refused options)
	# sorted, and no command that there is
	[ "$(runpod __refused | cut -f1)" = "$(runpod __refused | cut -f1 | LC_ALL=C sort -u)" ]
	run runpod help build
	[ "$status" -eq 125 ]
	run runpod network bogus
	[[ "${lines[0]}" == 'Error: unrecognized command `runpod network bogus`' ]]
}

@test "rm --depend prints who goes; wait --ignore --latest of nothing; --timeout is --time" {
	donor=$(runpod create --name a busybox true)
	first=$(runpod create --name b --net container:a busybox true)
	second=$(runpod create --name c --net container:b busybox true)
	[ "$(runpod rm --depend a)" = "$second"$'\n'"$first"$'\n'"a" ]
	[ -n "$donor" ]
	[ "$(runpod wait --ignore --latest)" = -1 ]
	run runpod wait --latest
	[ "$status" -eq 125 ]
	runpod run -d --name a --network none busybox sleep 1000
	runpod stop --timeout=0 a
	runpod start a
	runpod restart --timeout 0 a
	runpod rm -f --timeout 0 a
}

@test "flags of a command that is none; files with commas in their names; attach to one alone" {
	run runpod bad --invalid=x
	[ "$status" -eq 125 ]
	[ "$output" = "Error: unknown flag: --invalid"$'\n'"See 'runpod --help'" ]
	echo "A=from the file" >"$T/a,b"
	[ "$(runpod run --rm --network none --env-file "$T/a,b" busybox sh -c 'echo $A')" = "from the file" ]
	runpod create --name x --label-file "$T/a,b" busybox true
	[ "$(runpod inspect --format '{{.Config.Labels.A}}' x)" = "from the file" ]
	run runpod attach x y
	[ "$status" -eq 125 ]
	[ "$output" = "Error: accepts at most 1 arg(s), received 2" ]
}
