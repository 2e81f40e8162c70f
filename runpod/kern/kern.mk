# The seccomp filters of the usual capability sets are made here, by a program that
# runs on the machine that builds: runpod/kern/seccomp_gen.c.

SECCOMP_GEN := runpod/kern/seccomp_gen.c runpod/kern/seccomp_build.c runpod/kern/seccomp_rules.c \
	runpod/base/err.c runpod/base/io.c runpod/base/text.c

$(BUILD)/gen/seccomp_gen: $(SECCOMP_GEN) runpod/kern/seccomp.h runpod/kern/kern.mk
	@echo "  HOSTCC $@"
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) -D_GNU_SOURCE -std=gnu17 -O1 -Wall -Wextra -Werror -Irunpod $(SECCOMP_GEN) -lseccomp -o $@

$(BUILD)/gen/seccomp_default.h: $(BUILD)/gen/seccomp_gen
	@echo "  GEN    $@"
	$(Q)$< > $@

$(BUILD)/obj/kern/seccomp.o: $(BUILD)/gen/seccomp_default.h
