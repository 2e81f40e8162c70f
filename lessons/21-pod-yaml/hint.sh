#!/usr/bin/env bash
# Gives podplan a manifest with two unknown fields, then a good one.
# shellcheck disable=SC2154 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

manifest=$TMPDIR/pod.yaml
cat >"$manifest" <<'END'
kind: Pod
spec:
  hostNetwrok: true
  containers:
  - name: app
    command: [sleep, "60"]
    imgae: busybox
END
lab "$manifest"
[[ $output == *hostNetwrok* ]] ||
	hint "TODO 1: the manifest has a field hostNetwrok, which nobody knows, and nothing was said about it." "It printed:" "$output"
[[ $output == *:3:3:*hostNetwrok* ]] ||
	hint "TODO 1: hostNetwrok stands in line 3, column 3, and the error says: ${lines[0]}" "Is it the mark of the key?"
[[ ${lines[1]} == "  hostNetwrok: true" ]] ||
	hint "TODO 2: below the error the line itself should stand. There is: ${lines[1]-nothing}"
[[ ${lines[2]} == "  ^" ]] ||
	hint "TODO 2: below the line there should be two blanks and a ^. There is: '${lines[2]-}'"
[[ $output == *imgae* ]] ||
	hint "TODO 2: there is another unknown field, imgae, and it was not told: the program ended at the first error."
[ "$status" -eq 1 ] || hint "TODO 2: errors were told, and the program ended with status $status: nobody counts them."

printf 'kind: Pod\nspec:\n  containers:\n  - {name: a, command: [x, y]}\n  - {name: b, command: [z]}\n' >"$manifest"
lab "$manifest"
[[ $output == *x*y*z* ]] || hint "TODO 3: the plan should have the words x y -- z. It is:" "$output"
[[ $output == *y*--*z* ]] || hint "TODO 3: between two commands there should be the word --. The plan is:" "$output"
[ "$(grep -cx -- -- <<<"$output")" -eq 1 ] || hint "TODO 3: -- stands between two commands, neither before the first nor behind the last:" "$output"
printf 'kind: Pod\nspec:\n  containers:\n  - {command: [x]}\n' >"$manifest"
lab "$manifest"
[ "$status" -eq 1 ] || hint "TODO 3: a container without a name was accepted."
hint "Nothing is missing that a hint could find: run the check."
