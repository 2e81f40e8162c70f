#!/usr/bin/env bash
# Runs a pod with two sidecars under strace.
# shellcheck disable=SC2154 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

volume=$TMPDIR/volume
mkdir -p "$volume"
trace "$volume" "init:sleep 0.3; echo done >page" "main:cat page"
[[ $output == *done* ]] ||
	hint "TODO 1: the main command was started before init had ended: it should have read \"done\" from page." "It printed:" "$output"
lab "$volume" "sidecar:sleep 5" "init:exit 3" "main:echo never"
[[ $output != *never* ]] || hint "TODO 1: init ended with status 3, and main was started nevertheless."
[[ $output == *"sidecar stopped"* ]] || hint "TODO 1: init failed, and the sidecar was left running: stop_sidecars(), then exit(1)."
[ "$status" -eq 1 ] || hint "TODO 1: init failed, so the pod should end with 1. It ended with $status."

trace "$volume" "sidecar:exec sleep 7" "sidecar:exec sleep 8" "main:sleep 0.3"
did_not 'kill\(-?[0-9]+, SIGTERM' && hint "TODO 2: the sidecar should first be asked: SIGTERM. What was sent:" "$(grep -m 1 'kill(' "$traced")"
did_not 'kill\(-[0-9]+, SIGTERM' && hint "TODO 2: kill(2) with -child reaches its whole process group: $(grep -m 1 'kill(' "$traced")"
did_not 'poll\(.*2000' && hint "TODO 2: between SIGTERM and SIGKILL wait with poll(2), GRACE_SECONDS * 1000 milliseconds at most."
did_not 'kill\(-[0-9]+, SIGKILL' && hint "TODO 2: at the end SIGKILL, to the group: something may be left of it."
first=$(grep -oE 'kill\(-[0-9]+, SIGTERM' "$traced" | head -n 1 | tr -dc 0-9)
second=$(grep -oE 'kill\(-[0-9]+, SIGTERM' "$traced" | tail -n 1 | tr -dc 0-9)
[ "$first" -gt "$second" ] || hint "TODO 3: process $first was stopped before $second: the older one first. Go through the list backwards."
hint "Nothing is missing that a hint could find: run the check."
