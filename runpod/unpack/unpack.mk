# runpod-unpack: a program of its own, the only user of libarchive. Linked
# dynamically: Debian's static libarchive needs a dozen libraries that we do not.

UNPACK_OBJECTS := $(patsubst runpod/%.c,$(BUILD)/obj/%.o,$(wildcard runpod/unpack/*.c))

$(BUILD)/runpod-unpack: $(UNPACK_OBJECTS) $(BUILD)/obj/base/err.o $(BUILD)/obj/base/io.o \
		$(BUILD)/obj/base/num.o $(BUILD)/obj/base/text.o
	@echo "  LINK   $@"
	$(Q)$(CC) $(COMPILE) $(LINK) $^ -larchive -o $@

-include $(UNPACK_OBJECTS:.o=.d)
