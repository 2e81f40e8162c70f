#!/usr/bin/env bats
# book.bats: the book (make book): every link leads somewhere, anchors are linked both ways, the
# pictures are of real runs; and in a real browser, as wide as a phone, nothing is cut off, no
# script fails, and dark is dark.
#
# rootless: no (what it makes are files; how it looks does not depend on who made them)
# shellcheck disable=SC2030,SC2031,SC2154 # each test runs in a subshell of its own; bats sets stderr

load ../lib/common

# The book is built once, with the runs of three lessons: make check-lessons runs them all.
setup_file() {
	export BOOK=$BATS_FILE_TMPDIR/book RUNS=$BATS_FILE_TMPDIR/runs
	command -v pandoc >/dev/null || return 0
	"$TREE/docs/book/runs" "$RUNS" 00-look 04-empty-net 05-net-container 2>"$BATS_FILE_TMPDIR/runs.said" 3>&- || :
	build_book "$TREE" >"$BATS_FILE_TMPDIR/said" 2>&1 || touch "$BATS_FILE_TMPDIR/failed"
}

build_book() { # TREE
	(cd "$1" && BOOK_OUT=$BOOK BOOK_RUNS=$RUNS timeout 120 pandoc -f gfm -t plain --lua-filter docs/book/book.lua </dev/null 3>&-)
}

setup() {
	common_setup
	skip_unless_tool pandoc
	cat "$BATS_FILE_TMPDIR/said"
	[ ! -e "$BATS_FILE_TMPDIR/failed" ]
}

# A copy of what the book is made of, to break.
copy_tree() {
	mkdir "$T/tree"
	cp -r "$TREE"/{README.md,docs,lessons,pause,runpod} "$T/tree/"
	BOOK=$T/book
}

# browse FLAG... FILE: what the browser made of the page, on standard output; what its scripts said
# is in $T/console. It gets no network: no name can be resolved.
browse() {
	timeout -k 5 240 "$CHROMIUM" --no-sandbox --headless --disable-gpu --no-first-run --disable-background-networking \
		--disable-component-update --disable-sync --disable-dev-shm-usage --host-resolver-rules='MAP * ~NOTFOUND' \
		--user-data-dir="$T/profile" --enable-logging=stderr --allow-file-access-from-files \
		--virtual-time-budget=900000 --dump-dom "$@" 2>"$T/stderr" 3>&-
	grep CONSOLE "$T/stderr" >"$T/console" || :
	rm -rf "$T/profile"
}

# probe FLAG...: opens the pages that are named on standard input; what is wrong with them is in
# $T/report.
probe() {
	cp "$TREE/tests/book/probe.html" "$BOOK/"
	awk 'BEGIN { print "const pages = [" } { print "\"" $0 "\"," } END { print "];" }' >"$BOOK/pages.js"
	browse "$@" "file://$BOOK/probe.html" | sed -n '/id="report"/,/<\/pre>/p' | sed 's/.*id="report">//; /^<\/pre>/d' >"$T/report"
	rm "$BOOK/probe.html" "$BOOK/pages.js"
	cat "$T/report" "$T/console"
	grep -q '^probe: done' "$T/report" || tail -n 20 "$T/stderr"
}

browser() {
	CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome || :)
	skip_unless tool "no chromium here" [ -n "$CHROMIUM" ]
}

@test "every link of the book leads somewhere, anchors both ways" {
	run -0 "$TREE/tests/book/links" "$BOOK"
	[[ "$output" =~ ([0-9]+)\ links,\ ([0-9]+)\ citations ]]
	[ "${BASH_REMATCH[1]}" -gt 1000 ]
	[ "${BASH_REMATCH[2]}" -gt 50 ]
}

@test "the check of links finds what is broken" {
	cp -r "$BOOK" "$T/broken"
	rm "$T/broken/runpod/kern/spawn.c.html"
	sed -i 's/ id="join-visit"/ id="moved"/' "$T/broken/runpod/kern/join.c.html"
	sed -i 's/#cite-pause-loop"/"/g' "$T/broken/pause/pause.c.html"
	echo '<script src="https://example.org/x.js"></script>' >>"$T/broken/index.html"
	run -1 "$TREE/tests/book/links" "$T/broken"
	[[ "$output" == *"links to runpod/kern/spawn.c.html, which is not there"* ]]
	[[ "$output" == *"join.c.html: anchor join-visit is no place in it"* ]]
	[[ "$output" == *"pause/pause.c.html#pause-loop: does not link back to lessons/"* ]]
	[[ "$output" == *"index.html: leads out of the book"* ]]
}

@test "every file of the source and of the lessons has its page" {
	local file page
	while read -r file; do
		page=$file.html
		[[ "$file" != lessons/*/README.md ]] || page=${file%README.md}index.html
		[ -s "$BOOK/$page" ] || { echo "no $page"; return 1; }
	done < <(cd "$TREE" && ls README.md docs/*.md lessons/*.md lessons/[0-9]*/{README,quiz,teach}.md lessons/[0-9]*/{lab,solution}.c
		find pause runpod -name '*.[chS]' -o -name '*.mk')
	for file in "$TREE"/lessons/[0-9]*/README.md; do
		file=${file#"$TREE"/}
		[ -s "$BOOK/${file%README.md}slides.html" ]
	done
}

@test "no code is lost: a source page has the file's lines, comments beside them" {
	local file
	for file in pause/pause.c runpod/kern/join.c runpod/pod/child.c runpod/kern/nstab.c; do
		# each numbered line of the page is that line of the file
		sed -n 's/.*<span class="l" id="L\([0-9]*\)" data-n="[0-9]*"><\/span>\(.*\)/\1 \2/p' "$BOOK/$file.html" |
			sed -E 's|</code></pre>.*||; s/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' >"$T/page"
		awk 'NR == FNR { line[FNR] = $0; next }
			{ n = $1; sub(/^[0-9]+ /, ""); if ($0 != line[n]) { print n ": " $0; wrong = 1 } seen[n] = 1 }
			END { for (n in line) if (line[n] ~ /^[^ \t\/]/ && line[n] !~ /^ ?\*/ && !(n in seen)) { print "lost: " n " " line[n]; wrong = 1 }
				exit wrong }' "$TREE/$file" "$T/page"
	done
	grep -q '<div class="prose">.*setns(2).*' <(tr '\n' ' ' <"$BOOK/runpod/kern/join.c.html")
}

@test "the namespace pictures are of this run" {
	cat "$BATS_FILE_TMPDIR/runs.said"
	[ -s "$RUNS/05-net-container.md" ]
	number=$(grep -A 1 '^    PID COMMAND' "$RUNS/05-net-container.md" | awk '/serve/ { print $6; exit }')
	[[ "$number" =~ ^[0-9]+$ ]]
	grep -q "class=\"cell\">$number</text>" "$BOOK/lessons/05-net-container/index.html"
	grep -q 'Drawn from this run' "$BOOK/lessons/05-net-container/index.html"
	number=$(awk '/^web/ { gsub(/\*/, "", $3); print substr($3, length($3) - 4) }' "$RUNS/pod.txt")
	grep -q "class=\"cell\">$number</text>" "$BOOK/index.html"
	# no run of that one was made: drawn from the text, and it says so
	grep -q 'Drawn from the numbers above' "$BOOK/lessons/03-the-trick/index.html"
}

@test "a citation of an anchor that is not there ends the build, with its name" {
	copy_tree
	echo 'And `runpod/kern/join.c:no-such-place`.' >>"$T/tree/docs/HACKING.md"
	run build_book "$T/tree"
	[ "$status" -ne 0 ]
	[[ "$output" == *"docs/HACKING.md.html cites runpod/kern/join.c:no-such-place"* ]]
}

@test "where a run cannot be made it says so, and CI counts it as an error" {
	mkdir "$T/bin" # a build without runpod
	CI='' BUILD=$T/bin run -0 --separate-stderr "$TREE/docs/book/runs" "$T/runs" 00-look
	[[ "$stderr" == *"book: no picture from runpod pod ns: "* ]]
	[ -s "$T/runs/00-look.md" ]
	[ ! -e "$T/runs/pod.txt" ]
	CI=true BUILD=$T/bin run -1 "$TREE/docs/book/runs" "$T/runs" 00-look
	# and a session that breaks off
	copy_tree
	cp -r "$TREE/tests" "$T/tree/"
	printf '#!/bin/sh\nexit 9\n' >"$T/tree/lessons/sandbox"
	CI='' BUILD=$BUILD run -0 --separate-stderr "$T/tree/docs/book/runs" "$T/runs" 00-look
	[[ "$stderr" == *"book: no pictures from a run of lesson 00-look: 00-look: the session ended with status 9"* ]]
	[ ! -e "$T/runs/00-look.md" ]
}

@test "without pandoc make book names the package" {
	mkdir "$T/bin"
	for tool in sh make nproc awk cat; do
		ln -s "$(command -v $tool)" "$T/bin/$tool"
	done
	cd "$TREE"
	touch "$T/done"
	run env PATH="$T/bin" make -f - book MAKEFLAGS= BUILD="$T" PROGRAMS= <<<'include docs/book.mk'
	[ "$status" -ne 0 ]
	[[ "$output" == *"install the package pandoc"* ]]
}

@test "in a browser, 360 pixels wide: no page is cut off, no script fails, the keys turn slides" {
	browser
	(cd "$BOOK" && find . -name '*.html' | sort) >"$T/pages"
	probe <"$T/pages"
	[ "$(grep -vc '^colours:' "$T/report")" -eq 1 ]
	grep -qx "probe: done $(wc -l <"$T/pages")" "$T/report"
	[ ! -s "$T/console" ]
}

@test "the probe finds a page that is too wide and a script that fails" {
	browser
	cp "$BOOK/index.html" "$BOOK/wide.html"
	echo '<div style="width: 500px">wide</div><script>nothing.there();</script>' >>"$BOOK/wide.html"
	probe <<<wide.html
	rm "$BOOK/wide.html"
	grep -q '^wide.html: the page is 5.. wide' "$T/report"
	grep -q 'nothing is not defined' "$T/console"
}

@test "light and dark follow the reader's setting" {
	browser
	probe --blink-settings=preferredColorScheme=1 <<<index.html
	grep -qx 'colours: rgb(28, 32, 36) on rgb(255, 255, 255)' "$T/report"
	probe --blink-settings=preferredColorScheme=0 <<<index.html
	grep -qx 'colours: rgb(227, 231, 236) on rgb(21, 24, 28)' "$T/report"
}
