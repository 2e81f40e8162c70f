# The course's own rules: `make check-lessons` enforces them (tests/lessons/check says which).

check-lessons: ## the course: stubs fail, solutions pass, console blocks and anchors hold
	@tests/lessons/check

.PHONY: check-lessons
