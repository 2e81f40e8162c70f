# pause.mk: builds pause and init, the two programs without a C library.
#
# Included by the top Makefile, and works alone: make -f pause/pause.mk BUILD=/tmp/x
# Gives $(BUILD)/pause and $(BUILD)/init, and both once more as *.aarch64 where the
# cross compiler is installed. PAUSE_PROGRAMS lists what this machine can build.

BUILD ?= build
PAUSE_CROSS ?= aarch64-linux-gnu-gcc

# No C library and none of its start-up code; nothing that needs one (stack protector), nothing
# that only debuggers and unwinders read. -Os also keeps the loops in registers: -Oz would push
# constants through the stack, and with it a page.
PAUSE_CFLAGS := -std=gnu17 -Wall -Wextra -Werror -Os -ffreestanding -fno-stack-protector -fno-ident \
	-fno-pic -fno-asynchronous-unwind-tables -fno-unwind-tables

# One segment, read and execute, that holds headers, code and strings alike: separate-code would
# give each a page of its own. There is nothing to relocate, hence no relro. The stack stays
# not executable: the empty PT_GNU_STACK that the linker writes says so.
PAUSE_LDFLAGS := -static -nostdlib -s -Wl,--build-id=none -Wl,-z,noseparate-code -Wl,-z,norelro \
	-Wl,-z,noexecstack

# x86 compilers may add notes about control-flow protection, which needs marks in the code.
PAUSE_MACHINE := $(shell $(CC) -dumpmachine)
PAUSE_NATIVE := $(if $(findstring x86_64,$(PAUSE_MACHINE)),-fcf-protection=none)

PAUSE_PROGRAMS := $(BUILD)/pause $(BUILD)/init
PAUSE_FOREIGN := $(if $(shell command -v $(PAUSE_CROSS)),$(addsuffix .aarch64,$(PAUSE_PROGRAMS)))
PAUSE_PROGRAMS += $(PAUSE_FOREIGN)

.PHONY: pause
pause: $(PAUSE_PROGRAMS)

# The kernel loads segments; the table of sections behind them is for linkers, and longer than
# the code of pause. It is cut off (binutils 2.41 can do it: strip --strip-section-headers), and
# the three fields of the ELF header that point at it are cleared: e_shoff, e_shnum, e_shstrndx
# (see elf(5)). $(1) is the compiler with its flags.
define pause_build
	@mkdir -p $(@D)
	$(1) $(PAUSE_CFLAGS) $(PAUSE_LDFLAGS) -o $@.tmp $<
	@end=$$(LC_ALL=C readelf -lW $@.tmp | awk '$$1 == "LOAD" { print $$5 }') && truncate -s $$((end)) $@.tmp
	@dd if=/dev/zero of=$@.tmp bs=1 seek=40 count=8 conv=notrunc status=none
	@dd if=/dev/zero of=$@.tmp bs=1 seek=60 count=4 conv=notrunc status=none
	@mv $@.tmp $@
endef

$(BUILD)/pause $(BUILD)/init: $(BUILD)/%: pause/%.c pause/sys.h pause/pause.mk
	$(call pause_build,$(CC) $(PAUSE_NATIVE))

$(BUILD)/pause.aarch64 $(BUILD)/init.aarch64: $(BUILD)/%.aarch64: pause/%.c pause/sys.h pause/pause.mk
	$(call pause_build,$(PAUSE_CROSS))
