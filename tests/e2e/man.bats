#!/usr/bin/env bats
# man.bats: the manual pages are well-formed and are not stale: every command of the table has a place in the page of
# its family, with every option it takes, and what the pages take from the program is what the program says.

load ../lib/common

pages=$TREE/docs/man

commands_of() { awk '/^Available Commands:/ { on = 1; next } !NF { on = 0 } on { print $1 }'; }

# page_of WORDS: the page in which a command belongs.
page_of() {
	case $1 in
	events | info | version | completion) echo "$pages/runpod.1" ;;
	pod\ * | volume\ * | network\ *) echo "$pages/runpod-${1%% *}.1" ;;
	image\ * | images | pull | load | import | tag | untag | rmi) echo "$pages/runpod-image.1" ;;
	kube\ * | play\ * | generate\ * | create\ * | apply | get | describe | delete | debug | explain | kubelet) echo "$pages/runpod-kube.1" ;;
	*) echo "$pages/runpod-container.1" ;;
	esac
}

@test "mandoc -T lint has nothing to say" {
	skip_unless_tool mandoc
	# lint looks for other pages where this machine has its own, in an index that may be old: so we look ourselves
	while read -r name; do
		[ -e "$pages/$name" ] || { echo "no page $name"; return 1; }
	done < <(sed -nE 's/^\.(It )?Xr (runpod[a-z-]*) ([1-8]).*/\2.\3/p' "$pages"/*.[1-8] | sort -u)
	run mandoc -T lint "$pages"/*.[1-8]
	output=$(grep -vE 'mandoc\.db lacks|referenced manual not found: Xr' <<<"$output") || :
	echo "$output"
	[ -z "$output" ]
	# and lint is at work
	sed 's/^\.Pp$/.Pq/' "$pages/runpod.1" >"$T/wrong.1"
	not mandoc -T lint "$T/wrong.1" >/dev/null 2>&1
}

@test "the pages say what the program says: options and fields" {
	mkdir "$T/pages"
	cp "$pages"/*.[1-8] "$T/pages/"
	"$pages/update" "$RUNPOD" "$T/pages"
	for page in "$pages"/*.[1-8]; do
		diff -u "$page" "$T/pages/${page##*/}" || { echo "make man writes it anew"; return 1; }
	done
}

@test "every command is in the page of its family, with each of its options" {
	n=0
	check() { # WORDS
		local page help option
		page=$(page_of "$1")
		# shellcheck disable=SC2086 # words are wanted
		help=$(runpod $1 --help)
		grep -qE "^runpod $1( |\$)" "$page" || { echo "${page##*/} does not show: runpod $1"; return 1; }
		while read -r option; do
			[ -z "$option" ] || grep -qE "^\.It .*Fl -$option( |\$)" "$page" || { echo "${page##*/}: $1 --$option"; return 1; }
		done < <(sed '1,/^Options:/d' <<<"$help" | sed -nE 's/^  (-.,|   ) --([a-z-]+).*/\2/p')
		n=$((n + 1))
	}
	for word in $(runpod --help | commands_of); do
		subs=$(runpod "$word" --help | commands_of)
		[ -n "$subs" ] || check "$word"
		[ "$word" != container ] || subs="exists prune inspect" # the others are there without the word
		for sub in $subs; do
			check "$word $sub"
		done
	done
	for sub in exists inspect prune; do check "image $sub"; done
	check create
	check "create configmap"
	check "create secret"
	[ "$n" -gt 70 ]
}

@test "every structure of a manifest has a section, every field an entry" {
	page=$pages/runpod-manifest.5
	for kind in pod configmap secret persistentvolumeclaim deployment job; do
		runpod explain $kind --recursive >"$T/fields"
		grep -cE '^ +[a-zA-Z]+	<' "$T/fields"
		while read -r field type; do
			grep -qE "^\.It Va $field Pq" "$page" || { echo "no field $field"; return 1; }
			[ -z "$type" ] || grep -qx "\.Ss $type" "$page" || { echo "no structure $type"; return 1; }
		done < <(sed -nE 's/^ +([a-zA-Z]+)\t<(\[\])?([A-Z][A-Za-z]*)>.*/\1 \3/p; s/^ +([a-zA-Z]+)\t<.*/\1/p' "$T/fields" | grep -vE ' (Quantity|Object|IntOrString)$' | sort -u)
	done
}

@test "install puts pages and completions where man and the shells look, uninstall takes them away" {
	make_it() { # the programs are built: no rule is run but that one, and nothing of this tree is written
		make -C "$TREE" BUILD="$BUILD" PREFIX=/usr DESTDIR="$T/root" -o all -o "$BUILD/runpod" "$1" 3>&- >/dev/null
	}
	skip_unless host "this tree cannot be built by $(id -un)" make -C "$TREE" BUILD="$BUILD" -o all -n install
	make_it install
	for page in "$pages"/*.[1-8]; do
		cmp "$page" "$T/root/usr/share/man/man${page##*.}/${page##*/}"
	done
	bash -n "$T/root/usr/share/bash-completion/completions/runpod"
	[ "$(head -n 1 "$T/root/usr/share/zsh/site-functions/_runpod")" = "#compdef runpod" ]
	grep -q '^complete -c runpod ' "$T/root/usr/share/fish/vendor_completions.d/runpod.fish"
	make_it uninstall
	[ -z "$(find "$T/root" -type f)" ]
	rm -rf "$T/root"
}
