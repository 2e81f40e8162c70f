#!/usr/bin/env bats
# shellcheck disable=SC2154 # stderr is set by run --separate-stderr
#
# unpack.bats: what a hostile archive may not do (S13 in docs/SECURITY.md), and
# what happens when one is imported (S14). tarcraft writes the archives, one
# argument an entry; each runs beside a directory "outside" that must not change.

bats_require_minimum_version 1.5.0

setup() {
	BUILD=$(realpath "${BUILD:-build}")
	UNPACK=$BUILD/runpod-unpack
	CRAFT=$BUILD/tests/bin/tarcraft
	TMP=$(mktemp -d)
	DIR=$TMP/root
	OUT=$TMP/outside
	mkdir "$DIR" "$OUT" "$OUT/dir"
	echo secret >"$OUT/secret"
	chmod 600 "$OUT/secret"
	BEFORE=$(outside)
}

teardown() {
	local left

	left=$(pgrep -f -- "runpod-unpack.* $TMP" || true)
	chmod -R u+rwx "$TMP"
	rm -rf "$TMP"
	[ -z "$left" ]
}

# Everything beside the directory: names, modes, owners, sizes, times, links, content.
outside() {
	find "$TMP" -path "$DIR" -prune -o ! -path "$TMP" -printf '%P %m %U:%G %s %T@ %n %l\n' | sort
	sha256sum "$OUT/secret"
}

unpack() {
	run --separate-stderr bash -c '"$@"' _ bash -c "\"$CRAFT\" \"\$@\" | \"$UNPACK\" $OPTIONS \"$DIR\"" _ "$@"
}

# refused WHY ENTRY…: exit 1, one line that says why, nothing changed outside.
refused() {
	local why=$1

	shift
	unpack "$@"
	echo "status $status, says: $stderr"
	[ "$status" = 1 ]
	[[ $stderr == *"$why"* ]]
	[ "$(wc -l <<<"$stderr")" = 1 ]
	[ "$(outside)" = "$BEFORE" ]
}

# contained ENTRY…: exit 0, nothing changed outside.
contained() {
	unpack "$@"
	echo "status $status, says: $stderr"
	[ "$status" = 0 ]
	[ "$(outside)" = "$BEFORE" ]
}

repeat() { # TEXT COUNT
	printf "%0.s$1" $(seq "$2")
}

@test "names that lead upward" {
	refused 'leads upward' 'file|../x|a'
	refused 'leads upward' 'file|a/../../x|a'
	refused 'leads upward' 'dir|..'
	refused 'leads upward' 'sym|../x|y'
	refused 'leads upward' 'fifo|../x'
	refused 'leads upward' 'pax|path|../outside/x' 'file|p|a'
	refused 'leads upward' "pax|path|$(repeat d/ 100)../x" 'file|p|a'
	refused 'leads upward' 'gnu|../outside/x' 'file|p|a'
}

@test "absolute names" {
	refused 'absolute' 'file|/x|a'
	refused 'absolute' "file|$OUT/x|a"
	refused 'absolute' "pax|path|$OUT/x" 'file|p|a'
	refused 'absolute' "gnu|$OUT/x" 'file|p|a'
}

@test "a file through a symbolic link" {
	refused 'No such file' "sym|l|$OUT" 'file|l/x|a'
	refused 'No such file' 'sym|l|../outside' 'file|l/x|a'
	refused 'No such file' "sym|l|$OUT" 'file|l/dir/x|a'
	refused 'No such file' 'sym|a|b' "sym|b|$OUT" 'file|a/x|a'
	refused 'something else' "sym|l|$OUT" 'dir|l/'
	refused 'something else' "sym|l|$OUT" 'file|l/|a'
	refused 'something else' "sym|l|$OUT" 'dir|l/.'
	refused 'Not a directory' "sym|l|$OUT/secret" 'dir|d' 'sym|d/f|../f' 'file|f|a' 'file|d/f/x|a'
}

@test "hard links" {
	refused 'absolute' "hard|h|$OUT/secret"
	refused 'leads upward' 'hard|h|../outside/secret'
	refused 'open its directory' "sym|l|$OUT" 'hard|h|l/secret'
	refused 'open its directory' 'sym|l|../outside' 'hard|h|l/secret'
	refused 'no file' "sym|l|$OUT/secret" 'hard|h|l'
	refused 'leads upward' 'gnulink|../outside/secret' 'hard|h|p'
	refused 'leads upward' 'pax|linkpath|../outside/secret' 'hard|h|p'
	refused 'No such file' 'hard|h|missing'
	refused 'open its directory' 'dir|in' 'file|in/f|x' 'sym|l|in' 'hard|h|l/f'
	refused 'no file' 'dir|d' 'hard|h|d'
}

@test "mode and owner through a symbolic link" {
	refused 'something else' "sym|l|$OUT/dir" 'dir|l'
	refused 'something else' "sym|l|$OUT/secret" 'dir|l'
	contained "sym|l|$OUT/secret" 'setuid|l|mine'
	[ "$(cat "$DIR/l")" = mine ]
}

@test "whiteouts" {
	refused 'whiteout' 'file|.wh.x|'
	refused 'whiteout' "sym|l|$OUT" 'file|l/.wh.secret|'
	refused 'whiteout' 'file|.wh..|'
	refused 'whiteout' 'file|.wh...|'
	refused 'whiteout' 'file|.wh..wh..opq|'
	refused 'whiteout' 'file|.wh.d/x|'
	refused 'whiteout' 'chr|c|0,0'
}

# A layer's whiteouts become overlayfs's; everything else is refused as it is elsewhere.
@test "whiteouts of a layer" {
	OPTIONS='--layer user' contained 'file|a|x' 'file|.wh.b|' 'dir|d' 'file|d/.wh..wh..opq|' 'file|d/new|n' 'sym|.wh.c|anything'
	[ "$(stat -c '%F %t,%T' "$DIR/b")" = 'character special file 0,0' ]
	[ "$(stat -c '%F %t,%T' "$DIR/c")" = 'character special file 0,0' ]
	[ "$(find "$DIR" -name '.wh.*' | wc -l)" = 0 ]
	tar -C "$DIR" --format=pax --xattrs --xattrs-include='*' --exclude=b --exclude=c -cf "$TMP/shown" .
	[ "$(grep -ac 'SCHILY.xattr.user.overlay.opaque=y' "$TMP/shown")" = 1 ]
	rm -rf "${DIR:?}"/* "$TMP/shown"
	# what the layer has itself stays, in whichever order it comes
	OPTIONS='--layer user' contained 'file|f|x' 'file|.wh.f|' 'file|.wh.g|' 'file|g|y' 'dir|e' 'file|e/in|z' 'file|.wh.e|' 'file|.wh.h|' 'dir|h' 'file|h/in|z'
	[ "$(cat "$DIR/f" "$DIR/g" "$DIR/e/in" "$DIR/h/in")" = xyzz ]
	tar -C "$DIR" --format=pax --xattrs --xattrs-include='*' -cf "$TMP/shown" .
	[ "$(grep -ac 'SCHILY.xattr.user.overlay.opaque=y' "$TMP/shown")" = 2 ]
	rm -rf "${DIR:?}"/* "$TMP/shown"
	# root's attribute is for the caller to set: it gets a list, and nothing else is marked
	"$CRAFT" 'dir|d' 'dir|d/e' 'file|d/e/.wh..wh..opq|' 'file|.wh..wh..opq|' | "$UNPACK" --layer trusted "$DIR" >"$TMP/list"
	[ "$(tr '\0\n' '||' <"$TMP/list")" = '0|d/e|.|' ]
	rm "$TMP/list"
}

@test "whiteouts of a layer that reach elsewhere, or hide nothing" {
	export OPTIONS='--layer user'
	refused 'whiteout of nothing' 'file|.wh..|'
	refused 'whiteout of nothing' 'file|.wh...|'
	refused 'whiteout of nothing' 'file|.wh.|'
	refused 'whiteout of nothing' 'file|.wh..wh.x|'
	refused 'whiteout of nothing' 'file|.wh..wh.plnk|'
	refused 'whiteout where none can be' 'file|.wh.d/x|'
	refused 'whiteout where none can be' 'dir|d' 'hard|h|.wh.d'
	refused 'leads upward' 'file|../.wh.secret|'
	refused 'leads upward' 'file|a/../../.wh.secret|'
	refused 'absolute' "file|$OUT/.wh.secret|"
	refused 'No such file' "sym|l|$OUT" 'file|l/.wh.secret|'
	refused 'No such file' 'sym|l|../outside' 'file|l/.wh.secret|'
	refused 'No such file' 'sym|a|b' "sym|b|$OUT" 'file|a/.wh..wh..opq|'
	refused 'No such file' "sym|l|$OUT/dir" 'file|l/.wh..wh..opq|'
	refused 'device 0:0' 'chr|c|0,0'
	# hiding a link hides the link, and a directory in its place is a directory
	rm -rf "${DIR:?}"/*
	contained "sym|l|$OUT/dir" 'file|.wh.l|'
	[ "$(readlink "$DIR/l")" = "$OUT/dir" ]
	contained 'file|.wh.m|' "sym|m|$OUT/dir" 'chr|null|1,3'
	[ ! -e "$DIR/null" ]
	refused 'something else' "sym|l|$OUT/dir" 'file|.wh.l|' 'dir|l'
}

@test "the same corpus, as a layer" {
	export OPTIONS='--layer user'
	refused 'leads upward' 'file|../x|a'
	refused 'absolute' 'file|/x|a'
	refused 'leads upward' "pax|path|$(repeat d/ 100)../x" 'file|p|a'
	refused 'leads upward' 'gnu|../outside/x' 'file|p|a'
	refused 'No such file' "sym|l|$OUT" 'file|l/x|a'
	refused 'something else' "sym|l|$OUT" 'dir|l/'
	refused 'absolute' "hard|h|$OUT/secret"
	refused 'open its directory' "sym|l|$OUT" 'hard|h|l/secret'
	refused 'no file' "sym|l|$OUT/secret" 'hard|h|l'
	refused 'something else' "sym|l|$OUT/secret" 'dir|l'
	refused 'too deep' "pax|path|$(repeat d/ 10000)x" 'file|p|a'
	OPTIONS='--layer user --max-bytes 1m' refused 'more than is allowed' 'zeros|z|2000000'
	OPTIONS='--layer user --max-entries 100' refused 'more than 100 entries' 'many|.wh.f|101'
	rm -rf "${DIR:?}"/*
	contained "sym|l|$OUT/secret" 'file|l|new' 'fifo|f' 'setuid|su|x' 'pax|SCHILY.xattr.user.overlay.redirect|/x' 'file|b|x' \
		'pax|SCHILY.xattr.user.overlay.opaque|y' 'dir|d'
	tar -C "$DIR" --format=pax --xattrs --xattrs-include='*' -cf "$TMP/shown" .
	run ! grep -aq overlay "$TMP/shown"
	rm "$TMP/shown"
}

@test "decompressing alone: the same bytes, no file can be opened, cut input is refused" {
	head -c 300000 /dev/urandom >"$TMP/bytes"
	for filter in cat gzip bzip2 xz zstd; do
		$filter <"$TMP/bytes" | "$UNPACK" --decompress >"$TMP/out"
		cmp "$TMP/bytes" "$TMP/out"
		[ $filter = cat ] || run bash -c "$filter <'$TMP/bytes' | head -c 200000 | '$UNPACK' --decompress >'$TMP/out'"
		[ $filter = cat ] || [ "$status" = 1 ]
	done
	[ -z "$("$UNPACK" --decompress </dev/null)" ]
	rm "$TMP/bytes" "$TMP/out"
	mkfifo "$TMP/stalled"
	"$UNPACK" --decompress <"$TMP/stalled" >/dev/null 3>&- &
	pid=$!
	exec 9>"$TMP/stalled"
	deadline=$((SECONDS + 10))
	until grep -Eq '^(0|63) 0x0 ' "/proc/$pid/syscall"; do
		[ $SECONDS -lt $deadline ]
		read -rt 0.01 <> <(:) || true
	done
	grep -q '^Seccomp:	2' "/proc/$pid/status"
	grep -q '^NoNewPrivs:	1' "/proc/$pid/status"
	kill "$pid"
	exec 9>&-
	wait "$pid" || true
}

@test "names that are none" {
	refused 'without a name' 'file||a'
	refused 'too deep' "pax|path|$(repeat d/ 10000)x" 'file|p|a'
	refused 'too deep' "pax|path|$(repeat d/ 300)x" 'file|p|a'
	refused 'longer than 255' "pax|path|$(repeat d 256)" 'file|p|a'
	refused 'no directory' 'file|.|a'
	refused 'no directory' 'sym|.|a'
}

@test "contained: a name ends at a NUL, and is judged by what stands before it" {
	contained 'pax|path|a%00/../../b' 'file|p|x'
	[ "$(ls "$DIR")" = a ]
	refused 'leads upward' 'pax|path|..%00b' 'file|p|a'
	refused 'absolute' "pax|path|$OUT/x%00b" 'file|p|a'
}

@test "an error shows no control characters of the archive" {
	refused 'a??[2J/..' $'file|a\n\e[2J/../x|a'
	refused 'f/b??[2J: find its directory' 'file|f|x' $'file|f/b\n\e[2J|a'
}

@test "bombs" {
	OPTIONS='--max-bytes 1m' refused 'more than is allowed' 'zeros|z|2000000'
	rm -rf "${DIR:?}"/*
	OPTIONS='--max-bytes 1m' refused 'more than is allowed' 'zeros|y|600000' 'zeros|z|600000'
	OPTIONS='--max-entries 100' refused 'more than 100 entries' 'many|f|101'
	rm -rf "${DIR:?}"/*
	OPTIONS='--max-bytes 1m --max-entries 100' contained 'many|f|99' 'zeros|z|1000000'
}

@test "a file that claims to be large and is all hole" {
	cd "$TMP"
	truncate -s 4G hole
	tar -Scf hole.tar hole
	rm hole
	BEFORE=$(outside)
	run "$UNPACK" --max-bytes 1g "$DIR" <hole.tar
	[ "$status" = 1 ]
	[[ $output == *"more than is allowed"* ]]
	run "$UNPACK" --max-bytes 5g "$DIR" <hole.tar
	[ "$status" = 0 ]
	[ "$(stat -c '%s %b' "$DIR/hole")" = "4294967296 0" ]
	[ "$(outside)" = "$BEFORE" ]
}

@test "a million entries, which is beyond the usual limit" {
	unpack 'many|f|1000000'
	[ "$status" = 1 ]
	[[ $stderr == *"more than 500000 entries"* ]]
}

@test "archives that were cut off" {
	local whole=$TMP/whole.tar size

	"$CRAFT" 'file|a|hello' 'zeros|b|3000' 'pax|path|long' 'file|c|x' >"$whole"
	size=$(stat -c %s "$whole")
	BEFORE=$(outside)
	for ((n = 0; n < size - 1024; n += 256)); do
		run bash -c "head -c $n '$whole' | '$UNPACK' '$DIR'"
		[ "$status" = 1 ] || { echo "$n of $size bytes were taken"; false; }
		[ "${#lines[@]}" = 1 ]
	done
	for filter in gzip bzip2 xz zstd; do
		run bash -c "$filter <'$whole' | head -c 150 | '$UNPACK' '$DIR'"
		[ "$status" = 1 ]
	done
	run bash -c "'$UNPACK' '$DIR' <'$whole'"
	[ "$status" = 0 ]
	[ "$(outside)" = "$BEFORE" ]
}

@test "what is no tar archive" {
	for bytes in 'no tar' "$(repeat x 2000)"; do
		run bash -c "printf '%s' '$bytes' | '$UNPACK' '$DIR'"
		[ "$status" = 1 ]
		[ "${#lines[@]}" = 1 ]
	done
}

@test "contained: links inside of the root are followed as the container sees them" {
	contained 'dir|usr' 'dir|usr/lib' 'sym|lib|usr/lib' 'file|lib/a|1' 'sym|abs|/usr/lib' 'file|abs/b|2'
	[ "$(cat "$DIR/usr/lib/a" "$DIR/usr/lib/b")" = 12 ]
	contained 'sym|up|../../../..' 'file|up/c|3'
	[ "$(cat "$DIR/c")" = 3 ]
}

@test "contained: a file takes the place of a symbolic link" {
	contained "sym|l|$OUT/secret" 'file|l|new'
	[ ! -L "$DIR/l" ]
	[ "$(cat "$DIR/l")" = new ]
	contained 'file|a|one' 'hard|b|a' 'file|a|two'
	[ "$(cat "$DIR/a" "$DIR/b")" = twoone ]
}

@test "contained: FIFOs are made, devices are not" {
	contained 'fifo|f' 'chr|null|1,3' 'blk|sda|8,0' 'file|after|x'
	[ -p "$DIR/f" ]
	[ ! -e "$DIR/null" ]
	[ ! -e "$DIR/sda" ]
	[ -f "$DIR/after" ]
}

@test "contained: setuid is a mode bit" {
	contained 'setuid|su|x'
	[ "$(stat -c %a "$DIR/su")" = 4755 ]
}

@test "contained: what overlayfs would obey is stripped" {
	contained 'pax|SCHILY.xattr.trusted.overlay.opaque|y' 'file|a|x' \
		'pax|SCHILY.xattr.user.overlay.redirect|/x' 'file|b|x' \
		'pax|SCHILY.xattr.user.mine|v' 'file|c|x'
	# tar(1) shows what is there, as text in its own headers
	tar -C "$DIR" --format=pax --xattrs --xattrs-include='*' -cf "$TMP/shown" .
	grep -aq 'SCHILY.xattr.user.mine=v' "$TMP/shown"
	run ! grep -aq overlay "$TMP/shown"
}

@test "owners, modes and times are the archive's" {
	[ "$(id -u)" = 0 ] || skip "host: only root can give files away"
	contained 'dir|d' 'owned|d/f|1234' 'file|g|x'
	[ "$(stat -c '%u:%g %a' "$DIR/d/f")" = '1234:0 4755' ]
	[ "$(stat -c '%Y %a' "$DIR/d")" = '1000000000 755' ]
	[ "$(stat -c %Y "$DIR/g")" = 1000000000 ]
}

@test "an ordinary user keeps what he cannot give away, and it is not setuid for another" {
	[ "$(id -u)" != 0 ] || exec_as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	chmod 755 "$TMP"
	mkdir -m 777 "$TMP/mine"
	"$CRAFT" 'owned|other|1234' 'owned|root|0' 'dir|d' 'file|d/f|x' >"$TMP/a.tar"
	"${exec_as[@]}" mkdir "$TMP/mine/root"
	"${exec_as[@]}" "$UNPACK" "$TMP/mine/root" <"$TMP/a.tar"
	[ "$(stat -c %a "$TMP/mine/root/other")" = 755 ]
	[ "$(stat -c %a "$TMP/mine/root/root")" = 4755 ]
	[ -f "$TMP/mine/root/d/f" ]
}

@test "compressions" {
	for filter in cat gzip bzip2 xz zstd; do
		rm -rf "${DIR:?}"/*
		"$CRAFT" 'dir|d' 'file|d/f|hello' 'pax|path|d/größe' 'file|p|x' | $filter | "$UNPACK" "$DIR"
		[ "$(cat "$DIR/d/f" "$DIR/d/größe")" = hellox ]
	done
}

@test "the process is shut in before it reads its first byte" {
	local pid status_file deadline=$((SECONDS + 10))

	mkfifo "$TMP/stalled"
	"$UNPACK" "$DIR" <"$TMP/stalled" 3>&- &
	pid=$!
	exec 9>"$TMP/stalled"
	status_file=/proc/$pid/status
	# reading standard input: number 0 of x86-64, 63 of aarch64, with descriptor 0
	until grep -Eq '^(0|63) 0x0 ' "/proc/$pid/syscall"; do
		[ $SECONDS -lt $deadline ]
		read -rt 0.01 <> <(:) || true
	done
	grep -E 'Seccomp:|NoNewPrivs|CapEff|CapPrm|CapInh' "$status_file"
	grep -q '^Seccomp:	2' "$status_file"
	grep -q '^NoNewPrivs:	1' "$status_file"
	if [ "$(id -u)" = 0 ]; then
		# chown, dac_override, fowner, fsetid, setfcap
		grep -q '^CapPrm:	000000008000001b' "$status_file"
		[ "$(readlink "/proc/$pid/root")" = "$DIR" ]
	else
		grep -q '^CapPrm:	0000000000000000' "$status_file"
	fi
	kill "$pid"
	exec 9>&-
	wait "$pid" || true
}

@test "wrong use" {
	for arguments in '' '--max-bytes' "--max-bytes x $DIR" "--nope $DIR" "$DIR $DIR" "--max-entries -1 $DIR" "--layer $DIR" "--layer x $DIR" "--decompress $DIR"; do
		# shellcheck disable=SC2086 # the words are meant as words
		run "$UNPACK" $arguments </dev/null
		[ "$status" = 2 ]
		[[ $output == Usage:* ]]
	done
	run "$UNPACK" "$TMP/none" </dev/null
	[ "$status" = 1 ]
	[[ $output == *"$TMP/none: No such file or directory"* ]]
}
