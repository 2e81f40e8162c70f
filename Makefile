# runpod: pods from raw syscalls. `make help` lists what there is.
#
# Everything that is built lies under build/: objects in build/obj (the object of
# runpod/kern/sys.c is build/obj/kern/sys.o), generated headers in build/gen, test
# programs in build/tests. A directory with rules of its own brings them in a .mk file.

VERSION := 0.1.0

BUILD      ?= build
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/runpod
MANDIR     ?= $(PREFIX)/share/man
# where each shell looks for completions
COMPLETION_bash ?= $(PREFIX)/share/bash-completion/completions/runpod
COMPLETION_zsh  ?= $(PREFIX)/share/zsh/site-functions/_runpod
COMPLETION_fish ?= $(PREFIX)/share/fish/vendor_completions.d/runpod.fish
HOSTCC     ?= $(CC)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2) --no-print-directory
Q := $(if $(V),,@) # V=1 shows the whole commands

# ---- how things are compiled -------------------------------------------------------------

CFLAGS ?= -O2 -g
INCLUDES := -D_GNU_SOURCE -DRUNPOD_VERSION='"$(VERSION)"' -Irunpod -I$(BUILD)/gen $(CPPFLAGS)
COMPILE  := -std=gnu17 -Wall -Wextra -Werror -fPIE -ffunction-sections -fdata-sections $(CFLAGS)

ifdef SANITIZE # AddressSanitizer cannot be linked statically, and its checks confuse gcc's own
COMPILE += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-stringop-overflow
LINK    := -pie $(LDFLAGS)
else
COMPILE += -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2
LINK    := -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--gc-sections $(LDFLAGS)
STATIC  := -static-pie
endif
LIBS := -ljansson -lcap -lseccomp -lyaml

# One binary, position-independent and static: nothing to look up at its start, and
# it can be executed inside a container's root, where none of its libraries are.
FLOORS  := base kern spec store pod cli
SOURCES := $(filter-out runpod/kern/seccomp_gen.c,$(wildcard $(FLOORS:%=runpod/%/*.c))) runpod/pod/pause_blob.S
OBJECTS := $(patsubst runpod/%,$(BUILD)/obj/%.o,$(basename $(SOURCES)))
MAIN    := $(BUILD)/obj/main.o

UNITS    := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
HELPERS  := $(patsubst %.c,$(BUILD)/tests/bin/%,$(notdir $(wildcard tests/e2e/*.c tests/security/*.c tests/faults/*.c tests/bench/*.c)))
PROGRAMS := $(BUILD)/runpod $(BUILD)/pause $(BUILD)/init $(BUILD)/runpod-unpack

all: $(PROGRAMS) ## build runpod, pause, init and runpod-unpack

include pause/pause.mk runpod/kern/kern.mk runpod/unpack/unpack.mk lessons/lessons.mk docs/book.mk

$(BUILD)/runpod: $(MAIN) $(OBJECTS)
	@echo "  LINK   $@"
	$(Q)$(CC) $(COMPILE) $(LINK) $(STATIC) $^ $(LIBS) -o $@

$(BUILD)/obj/%.o: runpod/%.c Makefile
	@echo "  CC     $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(INCLUDES) $(COMPILE) -MMD -MP -c $< -o $@

# the one assembler file carries build/pause inside runpod
$(BUILD)/obj/pod/pause_blob.o: runpod/pod/pause_blob.S $(BUILD)/pause $(BUILD)/init Makefile
	@echo "  AS     $<"
	@mkdir -p $(@D)
	$(Q)$(CC) -DPAUSE_FILE='"$(BUILD)/pause"' -DINIT_FILE='"$(BUILD)/init"' -c $< -o $@

$(BUILD)/tests/test_%: tests/unit/test_%.c $(OBJECTS)
	@echo "  TEST   $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(INCLUDES) $(COMPILE) $(LINK) -MMD -MP $< $(OBJECTS) -lcmocka $(LIBS) -o $@

# small programs that tests run inside containers: static, so that any root will do
vpath %.c tests/e2e tests/security tests/faults tests/bench
$(BUILD)/tests/bin/%: %.c Makefile
	@echo "  HELPER $<"
	@mkdir -p $(@D)
	$(Q)$(CC) -D_GNU_SOURCE -std=gnu17 -O2 -Wall -Wextra -Werror -static $< -o $@

-include $(OBJECTS:.o=.d) $(MAIN:.o=.d) $(UNITS:=.d)

# ---- using it ----------------------------------------------------------------------------

demo: setup ## install what is missing, build, and watch a pod of two containers (EXPLAIN=1: narrated)
	@$(MAKE) all
	@EXPLAIN=$(EXPLAIN) BUILD=$(BUILD) tests/demo

lab: $(PROGRAMS) ## a root shell in a kernel of its own, pure cgroup v2 (CMD='…': run that; LAB_USER=1: not as root)
	@BUILD=$(BUILD) tests/lab/boot $(if $(value CMD),-- "$$LAB_CMD")

lab: export LAB_CMD := $(value CMD) # as typed: its $ are the shell's, not make's

setup: ## install what is missing (apt-get; elsewhere it names the packages)
	@sh tests/setup

doctor: ## what this host can and cannot do, and the cure
	@sh tests/doctor

install: all ## install under PREFIX (/usr/local), below DESTDIR
	install -D -m 755 $(BUILD)/runpod $(DESTDIR)$(BINDIR)/runpod
	install -D -m 755 $(BUILD)/runpod-unpack $(DESTDIR)$(LIBEXECDIR)/runpod-unpack
	$(foreach page,$(wildcard docs/man/*.[1-8]),install -D -m 644 $(page) \
		$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page))${\n})
	$(foreach shell,bash zsh fish,mkdir -p $(DESTDIR)$(dir $(COMPLETION_$(shell))) && \
		$(BUILD)/runpod completion $(shell) >$(DESTDIR)$(COMPLETION_$(shell))${\n})

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/runpod
	rm -f $(foreach shell,bash zsh fish,$(DESTDIR)$(COMPLETION_$(shell)))
	rm -rf $(DESTDIR)$(LIBEXECDIR)
	$(foreach page,$(wildcard docs/man/*.[1-8]),rm -f \
		$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page))${\n})

clean: ## remove build/
	rm -rf $(BUILD)

# ---- testing it --------------------------------------------------------------------------

test: setup ## install what is missing, build, and run every test
	@$(MAKE) programs asan-programs
	@BUILD=$(BUILD) tests/run

unit: units $(BUILD)/runpod-unpack ## the unit tests
	@BUILD=$(BUILD) tests/run unit

e2e: programs ## the end-to-end tests
	@BUILD=$(BUILD) tests/run e2e

asan: asan-programs ## the unit tests and a build/asan/runpod under Address- and UndefinedBehaviorSanitizer
	@BUILD=$(BUILD) tests/run asan

bench: programs ## what it costs, beside a bare C program and other runtimes
	@BUILD=$(BUILD) tests/bench/run

lint: layers anchors ## formatting, static analysis, shell scripts, the floors, the anchors
	@tests/lint

layers: ## every include obeys the floors (docs/HACKING.md)
	@tests/layers

man: $(BUILD)/runpod ## the options and fields in docs/man, out of the program's own tables
	docs/man/update $(BUILD)/runpod

compat: $(BUILD)/runpod ## docs/COMPAT.md, out of the program's own tables
	$(BUILD)/runpod __compat >docs/COMPAT.md

anchors: ## every DOC anchor is there once, every citation resolves
	@tests/anchors

units: $(UNITS)
programs: all units $(HELPERS) $(PAUSE_PROGRAMS)
asan-programs:
	@$(MAKE) BUILD=$(BUILD)/asan SANITIZE=1 $(BUILD)/asan/runpod units

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{ printf "  make %-13s %s\n", $$1, $$2 }' Makefile lessons/lessons.mk docs/book.mk

define \n


endef

.PHONY: compat man all demo lab setup doctor install uninstall clean test unit e2e asan bench lint layers anchors units programs asan-programs help
