/*
 * pause_blob: build/pause and build/init as bytes between symbols (base/pause_blob.h).
 * The build names the files; .incbin takes each in whole, into read-only data.
 */
	.section .rodata
	.global pause_blob, pause_blob_end, init_blob, init_blob_end
	.balign 16
pause_blob:
	.incbin PAUSE_FILE
pause_blob_end:
	.balign 16
init_blob:
	.incbin INIT_FILE
init_blob_end:

	/* without this note the linker would give the whole program an executable stack */
	.section .note.GNU-stack, "", %progbits
