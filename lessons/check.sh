# shellcheck shell=sh disable=SC2154,SC2034 # $lessons and $verdict belong to who loads this
# check.sh: one check: compile a lab.c, run its test.bats in the sandbox, read the report. Loaded
# by `lesson` and by tests/lessons/check, which set $lessons and remove $work when they end.

check_seconds=${LESSON_SECONDS:-120} # a whole test.bats

all_lessons() {
	(cd "$lessons" && ls -d [0-9][0-9]-*)
}

# The first lines of every lab.c have "Build: gcc -I../.. -o NAME lab.c": what a learner types,
# and what is done here. program_of LESSON prints NAME; flags_of LESSON the rest, if any.
build_line() {
	sed -n 's/^ \* Build: *gcc  *//p' "$lessons/$1/lab.c"
}
program_of() {
	build_line "$1" | sed 's/.*-o *\([^ ]*\).*/\1/'
}
flags_of() {
	build_line "$1" | sed -e 's/-o *[^ ]*//' -e 's/-I\.\.\/\.\.//' -e 's/lab\.c//'
}

# Where a lesson's programs are run: a test.bats may say "# sandbox: plain" (see ./sandbox).
kind_of() {
	sed -n 's/^# sandbox: *//p' "$lessons/$1/test.bats"
}

# compile LESSON SOURCE OUTPUT: the compiler's words go to standard output.
compile() {
	# shellcheck disable=SC2046 # the flags are words
	set -- "$2" "$3" $(flags_of "$1")
	source=$1 output=$2
	shift 2
	# libraries last
	prlimit --as=8589934592 timeout -k 1 60 "${CC:-gcc}" -std=gnu17 -Wall -O1 -I"$lessons" \
		-o "$output" "$source" "$@" </dev/null 2>&1 | head -c 20000
	[ -x "$output" ]
}

# unpack_programs README DIR: the C programs in a README, into DIR/NAME.c. A block is one when
# its first line says so: /* NAME.c: what it is. What is there already is left alone.
unpack_programs() {
	awk -v dir="$2" '
		/^```/ { if (file) close(file); block = $0; file = ""; first = 1; next }
		block == "```c" && first { first = 0
			if ($1 == "/*" && $2 ~ /^[a-z0-9_-]+\.c:$/) {
				file = dir "/" substr($2, 1, length($2) - 1)
				if ((getline line < file) >= 0) file = "" } }
		block == "```c" && file { print > file }' "$1"
}

# fill_bin DIR LESSON: the programs of all lessons before LESSON, where they are missing.
fill_bin() {
	mkdir -p "$1"
	for earlier in $(all_lessons); do
		[ "$earlier" != "$2" ] || break
		[ -x "$1/$(program_of "$earlier")" ] ||
			compile "$earlier" "$lessons/$earlier/solution.c" "$1/$(program_of "$earlier")" >/dev/null ||
			complain "the course's own $earlier does not compile here"
	done
}

clean_up() {
	[ -z "$work" ] || rm -rf "$work"
}

# in_work LESSON SOURCE BIN COMMAND [ARG...]: compiles SOURCE and runs a command in the sandbox, in a
# copy of the lesson that also an unprivileged user can read. The output is in $work/output.
in_work() {
	clean_up
	work=$(mktemp -d "${TMPDIR:-/tmp}/lesson.XXXXXX") || exit 2
	mkdir "$work/$1" "$work/bin"
	mkdir -m 1777 "$work/tmp"
	chmod 755 "$work"
	cp "$lessons/lib.bash" "$lessons/lesson.h" "$work/"
	cp "$lessons/$1/test.bats" "$lessons/$1/hint.sh" "$work/$1/"
	unpack_programs "$lessons/$1/README.md" "$work/$1"
	cp "$2" "$work/$1/lab.c" 2>/dev/null || return 3
	cp "$3"/* "$work/bin/" 2>/dev/null
	chmod -R go+rX "$work"
	compile "${COMPILE_AS:-$1}" "$work/$1/lab.c" "$work/$1/lab" >"$work/compiler" || return 4
	chmod go+rx "$work/$1/lab"
	export LAB="$work/$1/lab" SOURCE="$work/$1/lab.c" BIN="$work/bin" LESSON_SANDBOX=1 TREE="${lessons%/*}"
	SANDBOX_KIND=$(kind_of "$1")
	export SANDBOX_KIND
	shift 3
	(
		cd "$work" || exit
		TMPDIR=$work/tmp "$lessons/sandbox" "$check_seconds" "$@" 2>&1
		echo "sandbox: status $?"
	) | head -c 2000000 >"$work/output"
}

# run_tests LESSON SOURCE BIN: sets verdict to passed, failed, no-compile, missing or no-tests, and
# prints what a learner reads to standard output.
run_tests() {
	in_work "$1" "$2" "$3" bats --tap "$1/test.bats"
	case $? in
	3)
		verdict=missing
		echo "there is no $2"
		return
		;;
	4)
		verdict=no-compile
		echo "lab.c does not compile:"
		head -n 30 "$work/compiler" | sed -e "s|$work/$1/||g" -e 's/^/  /'
		return
		;;
	esac
	read_tap "$work/output" >"$work/text"
	verdict=$(sed -n 's/^verdict //p' "$work/text")
	sed '/^verdict /d' "$work/text"
}

# read_tap FILE: bats' report in the learner's words, and a last line "verdict WORD".
read_tap() {
	awk -v seconds="$check_seconds" '
		/^1\.\.[0-9]+$/ { planned = substr($0, 4) + 0; next }
		/^ok .* # skip/ { done++; sub(/^ok [0-9]+ /, ""); sub(/ # skip */, ": "); print "  skip  " $0; next }
		/^ok / { done++; good++; sub(/^ok [0-9]+ /, ""); print "  ok    " $0; next }
		/^not ok / { done++; bad++; sub(/^not ok [0-9]+ /, ""); print "  NOT   " $0; next }
		/^# +\(?(from function|in test file)|^#   `/ { next } # where in test.bats: of no use to a learner
		/: line [0-9]+: +[0-9]+ [A-Z]/ { next } # bash tells of a process that a signal ended
		/^# / { print "          " substr($0, 3); next }
		/^sandbox: left running/ { sub(/^sandbox: /, ""); bad++
			if (++left <= 3) print "  NOT   your program " $0 ": end what you start"
			next }
		/^sandbox: status/ { timed_out = $3 == 124; next }
		{ other[++others] = $0 }
		END {
			if (planned == 0 || done < planned) {
				if (planned) print "  the tests were cut off, " (done + 0) " of " planned " done: " \
					(timed_out ? seconds " seconds were over" : "did your program kill them? (kill(-1, ...) is everybody)")
				else for (i = 1; i <= others && i <= 20; i++) print "  " other[i]
				bad++
			}
			print "verdict " (bad ? "failed" : good ? "passed" : "no-tests")
		}' "$1"
}
