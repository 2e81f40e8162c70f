#!/usr/bin/env bash
# Looks at what nsview does with two processes that share everything: this shell and itself.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

trace $$ $$
number=$(ns $$ net | sed 's/.*\(.....\)\]/\1/')

did_not 'readlink(at)?\(' &&
	hint "TODO 1: your program never calls readlink(2). What does \`readlink /proc/self/ns/net\` print?"
did_not "readlink(at)?\\(.*\"/proc/$$/ns/net\"" &&
	hint "TODO 1: readlink is called, but not with /proc/$$/ns/net when the argument is $$." \
		"This is what the program asked for:" "$(grep -m 3 readlink "$traced")"
[[ $output == *"$number"* ]] ||
	hint "TODO 1: the link was read, but its number is not in the matrix. The text is $(ns $$ net):" \
		"which part of it is the number? Is there a zero byte at the end of what readlink gave you?"
[[ $output == *"=$number"* ]] ||
	hint "TODO 2: the same process twice, and no = in the second row. Does seen_above look at" \
		"row 0 when row is 1?"
[[ $(sed -n 2p <<<"$output") != *=* ]] ||
	hint "TODO 2: = already in the first row, above which there is none: does seen_above compare a row" \
		"with itself?"
if unshare --user --uts true 2>/dev/null; then
	start unshare --user --uts sleep 60
	wait_for 5 other_ns uts $$ "$started"
	lab $$ "$started" $$
	stop "$started"
	[ "$(awk 'NR == 4 { print gsub(/=/, "") }' <<<"$output")" -eq 7 ] ||
		hint "TODO 2: the first process and the third are the same, and not every cell of the third row has =." \
			"Are all rows above looked at, or only the one before?"
fi

cp "$(command -v sleep)" "$TMPDIR/sealed"
chmod 111 "$TMPDIR/sealed"
start "$TMPDIR/sealed" 60
wait_for 5 grep -q sealed "/proc/$started/comm"
lab "$started"
stop "$started"
rm -f "$TMPDIR/sealed"
[[ $output == *"?"* ]] ||
	hint "TODO 3: readlink failed with EACCES for a process that is not ours to see, and the row shows" \
		"a number all the same: $(sed -n 2p <<<"$output")"
[[ $output == *"1 of 1 rows"* ]] ||
	hint "TODO 3: there are question marks, but the last line does not count the row. Is failed set?"
hint "Nothing is missing that a hint could find: run the check."
