# The book: the lessons and the annotated source as HTML that needs no network, in $(BUILD)/book.
# What makes it is docs/book/ (begin with book.lua); nothing that is built is kept in the tree.

BOOK := $(BUILD)/book
BOOK_RUNS := $(BUILD)/book-runs
NEED_PANDOC := command -v pandoc >/dev/null || { echo "make book: no pandoc here; install the package pandoc" >&2; exit 1; }

book: $(BOOK_RUNS)/done ## the lessons and the source as one HTML site, with slides: build/book/index.html
	@$(NEED_PANDOC)
	@rm -rf $(BOOK)
	@BOOK_OUT=$(BOOK) BOOK_RUNS=$(BOOK_RUNS) pandoc -f gfm -t plain --lua-filter docs/book/book.lua </dev/null

# what the lessons' commands and runpod show here and now; the namespace pictures are drawn from it
$(BOOK_RUNS)/done: docs/book/runs $(wildcard lessons/*/README.md lessons/*/*.c) $(PROGRAMS)
	@$(NEED_PANDOC)
	@echo "  RUNS   $(BOOK_RUNS)"
	@BUILD=$(BUILD) docs/book/runs $(BOOK_RUNS)
	@touch $@

.PHONY: book
