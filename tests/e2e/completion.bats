#!/usr/bin/env bats
# completion.bats: the completion scripts in the shells they are for. bash and zsh are driven through a terminal
# (script(1)): a line with a real TAB is typed, and what they then run is what they completed it to. fish tells
# its completions when asked (complete -C).

load ../lib/common

# A runpod in front of PATH that has the test's state, and writes down what it was asked to do.
setup() {
	common_setup
	mkdir "$T/bin" "$T/home"
	cat >"$T/bin/runpod" <<-END
		#!/bin/sh
		case \$1 in
		__complete | completion) exec "$RUNPOD" --root "$T/root" --runroot "$T/run" "\$@" ;;
		esac
		{ printf '<%s>' "\$@"; echo; } >>"$T/ran"
	END
	chmod +x "$T/bin/runpod"
	PATH=$T/bin:$PATH
	cd "$T/home" || return
	export HOME=$T/home
	pod=$(rnd)
	runpod pod create --name "$pod" >/dev/null
}

# asked WORD…: what the program itself answers, without the remarks.
asked() { runpod __complete -- "$@" | cut -f 1; }

# typed SHELL START LINE…: an interactive shell that reads START first; then each line is typed, TAB and
# all (\t in it), and what came of it is awaited in $T/ran.
typed() {
	local shell=$1 start=$2 line n=0
	shift 2
	: >"$T/ran"
	: >"$T/screen"
	rm -f "$T/keys"
	mkfifo "$T/keys"
	case $shell in
	bash) command="bash --noprofile --rcfile $start -i" ;;
	zsh) command="env ZDOTDIR=$T/zdot zsh -d -i" ; mkdir -p "$T/zdot"; cp "$start" "$T/zdot/.zshrc" ;;
	esac
	TERM=dumb timeout -k 5 60 script -qefc "$command" /dev/null <"$T/keys" >"$T/screen" 2>&1 3>&- &
	exec 7>"$T/keys"
	for line; do
		n=$((n + 1))
		wait_until 20 prompts "$n" || { cat "$T/screen"; return 1; }
		printf '%b\n' "$line" >&7
		wait_until 20 lines_in "$T/ran" "$n" || { cat -v "$T/screen"; return 1; }
	done
	exec 7>&-
	wait
}

prompts() { [ "$(grep -o 'ready>' "$T/screen" | wc -l)" -ge "$1" ]; }
lines_in() { [ "$(wc -l <"$1")" -ge "$2" ]; }

ran() { # LINE: what the last typed() has run, all of it
	[ "$(cat "$T/ran")" = "$1" ] || { echo "ran:"; cat "$T/ran"; echo "wanted:"; echo "$1"; return 1; }
}

@test "commands, families and options, from the table itself" {
	for family in "" pod container image volume network kube; do
		# shellcheck disable=SC2086 # no word at all for the program
		[ "$(asked $family "" | grep -v '^--help$' | sort)" = \
			"$(runpod $family --help | awk '/^Available Commands:/ { on = 1; next } !NF { on = 0 } on { print $1 }' | sort)" ]
	done
	[ "$(asked help po)" = $'pod\nport' ]
	[ "$(asked pod unp)" = unpause ]
	# every option that a help lists
	for command in run exec ps "pod create" "kube play" get; do
		# shellcheck disable=SC2086 # words are wanted
		[ "$(asked $command -- | grep -v '^--help$' | sort)" = \
			"$(runpod $command --help | sed -n '/^Options:/,$p' | sed -nE 's/^  (-.,|   ) (--[a-z-]+).*/\2/p' | sort -u)" ]
	done
	[ "$(asked --lo)" = --log-level ]
	[ "$(asked run --rm - | grep -cx -e -d)" = 1 ]
	# what is refused is not offered
	[ -z "$(asked run --gpu)" ]
	[ -z "$(asked bogus "")" ]
}

@test "values of options, joined by = and behind bundled letters" {
	[ "$(asked run --restart a)" = always ]
	[ "$(asked run --restart=u)" = --restart=unless-stopped ]
	[ "$(asked run --rm --pull=m)" = --pull=missing ]
	[ "$(asked run -dit --pod "${pod:0:6}")" = "$pod" ]
	[ "$(asked run -d --network ho)" = host ]
	[ "$(asked ps -af status=p)" = status=paused ]
	[ "$(asked get pods -o w)" = wide ]
	[ "$(asked get pods --output=y)" = --output=yaml ]
	[ "$(asked kill -s SIGT)" = $'SIGTERM\nSIGTSTP' ]
	[ "$(asked ps --all=f)" = --all=false ]
	[ "$(asked apply -f "")" = :files ]
	[ "$(asked run --env-file=x)" = :files ]
	[ "$(asked run -v x)" = :files ]
	[ -z "$(asked run --memory "")" ]
}

@test "names: pods, containers in the state that the verb is for, images, volumes, objects, fields" {
	ctr=$(rnd) other=$(rnd) volume=$(rnd)
	runpod run -d --name "$ctr" busybox sleep 100 >/dev/null
	runpod create --name "$other" busybox >/dev/null
	runpod volume create "$volume" >/dev/null
	printf 'port: "80"\n' >"$T/cfg"
	runpod create configmap settings --from-file="$T/cfg" >/dev/null
	[ "$(asked stop "")" = "$ctr" ]
	[ "$(asked container start "")" = "$other" ]
	[ "$(asked rm "" | sort)" = "$(printf '%s\n' "$ctr" "$other" | sort)" ]
	[ "$(asked rm "$ctr" "")" = "$other" ] # no name twice
	[ "$(asked exec "$ctr" "")" = :files ] # a command of the container's
	[ -z "$(asked exec "$ctr" ls -)" ] || [ "$(asked exec "$ctr" ls -)" = :files ]
	[ "$(asked pod inspect "")" = "$pod" ]
	[ "$(asked run "" | sort)" = $'busybox\nhost\npause' ]
	[ "$(asked run --network "container:${ctr:0:6}")" = "container:$ctr" ]
	[ "$(asked volume rm "")" = "$volume" ]
	[ "$(asked run -v "")" = "$volume"$'\n:files' ]
	[ "$(asked inspect "$volume")" = "$volume" ]
	[ "$(asked get po)" = pods ]
	[ "$(asked get pods "")" = "$pod" ]
	[ "$(asked delete cm se)" = settings ]
	[ "$(asked describe configmap se)" = settings ]
	[ "$(asked explain pod.spec.initC)" = pod.spec.initContainers ]
	[ "$(asked network inspect h)" = host ]
	[ "$(asked create conf)" = configmap ]
	runpod delete configmap settings >/dev/null
	# the state that stands on the line is the one that is looked at
	[ "$(runpod __complete -- --root "$T/none" --runroot "$T/none2" pod rm "")" = "" ]
	[ "$("$RUNPOD" __complete -- --root "$T/root" --runroot="$T/run" pod rm "" | cut -f 1)" = "$pod" ]
}

@test "bash: a TAB completes verbs, names, values behind = and files; aliases and a program called podman" {
	ln -s "$RUNPOD" "$T/bin/podman"
	touch "$T/home/manifest.yaml"
	cat >"$T/rc" <<-END
		PS1='ready>'
		alias docker=runpod
		source <(runpod completion bash)
		source <(podman completion bash)
		note() { printf '<%s>' "\$@" >>"$T/ran"; echo >>"$T/ran"; }
		state="--root $T/root --runroot $T/run"
	END
	typed bash "$T/rc" \
		"runpod pod unp\t${pod:0:7}\t" \
		"runpod run --restart=al\tbusy\t" \
		"runpod run --network container:x --ipc=sh\tbusy\t" \
		"runpod kube play man\t" \
		"docker pod rm --fo\t${pod:0:7}\t" \
		"podman --root $T/root --runroot $T/run pod exists ${pod:0:7}\t && note podman"
	ran "<pod><unpause><$pod>
<run><--restart=always><busybox>
<run><--network><container:x><--ipc=shareable><busybox>
<kube><play><manifest.yaml>
<pod><rm><--force><$pod>
<podman>"
}

@test "bash with bash-completion, which finds the script where it is installed" {
	skip_unless tool "no bash-completion here" test -e /usr/share/bash-completion/bash_completion
	mkdir -p "$T/share/bash-completion/completions"
	runpod completion bash >"$T/share/bash-completion/completions/runpod"
	cat >"$T/rc" <<-END
		PS1='ready>'
		export XDG_DATA_HOME=$T/share BASH_COMPLETION_USER_DIR=$T/share/bash-completion
		source /usr/share/bash-completion/bash_completion
	END
	typed bash "$T/rc" \
		"runpod pod unp\t${pod:0:7}\t" \
		"runpod run --pull=nev\tbusy\t"
	ran "<pod><unpause><$pod>
<run><--pull=never><busybox>"
}

@test "zsh: read behind compinit, or found in fpath; an alias is expanded first" {
	skip_unless_tool zsh
	touch "$T/home/manifest.yaml"
	cat >"$T/rc" <<-END
		PS1='ready>' RPS1= PROMPT_EOL_MARK=
		unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste
		bindkey -e
		autoload -Uz compinit && compinit -u -D
		source <(runpod completion zsh)
		alias docker=runpod
	END
	typed zsh "$T/rc" \
		"runpod pod unp\t${pod:0:7}\t" \
		"runpod run --restart=al\tbusy\t" \
		"runpod kube play man\t" \
		"docker pod rm --fo\t${pod:0:7}\t"
	ran "<pod><unpause><$pod>
<run><--restart=always><busybox>
<kube><play><manifest.yaml>
<pod><rm><--force><$pod>"
	mkdir "$T/functions"
	runpod completion zsh >"$T/functions/_runpod"
	sed -i -e '/^source/d' -e "/^autoload/i fpath=($T/functions \$fpath)" "$T/rc"
	typed zsh "$T/rc" "runpod pod unp\t${pod:0:7}\t"
	ran "<pod><unpause><$pod>"
}

@test "fish: complete -C tells commands, names, values, remarks and files; alias wraps it" {
	skip_unless_tool fish
	touch "$T/home/manifest.yaml"
	runpod completion fish >"$T/runpod.fish"
	completions() { # LINE: what fish would offer
		timeout 60 fish --no-config -c "source $T/runpod.fish; alias docker=runpod; complete -C '$1'" 3>&-
	}
	run completions "runpod pod unp"
	[ "$output" = $'unpause\tUnpause one or more pods' ]
	run completions "runpod pod rm ${pod:0:7}"
	[ "$output" = "$pod"$'\tCreated' ]
	run completions "runpod run --restart=al"
	[ "$output" = --restart=always ]
	run completions "runpod kube play man"
	[[ "$output" == manifest.yaml* ]]
	run completions "docker pod inspect "
	[ "$output" = "$pod"$'\tCreated' ]
	run completions "runpod "
	[[ "$output" == *$'ps\tList containers'* ]]
}

@test "the scripts are well-formed, and speak of the program by the name it was called with" {
	ln -s "$RUNPOD" "$T/podman"
	"$T/podman" completion bash >"$T/script.bash"
	grep -qx 'complete -F _podman podman' "$T/script.bash"
	not grep -q runpod "$T/script.bash"
	bash -n "$T/script.bash"
	"$T/podman" completion zsh >"$T/script.zsh"
	[ "$(head -n 1 "$T/script.zsh")" = "#compdef podman" ]
	"$T/podman" completion fish | grep -q '^complete -c podman '
	run runpod completion tcsh
	[ "$status" -eq 125 ]
	[ "$output" = 'Error: "tcsh" is not a supported shell: choose bash, zsh or fish' ]
}
