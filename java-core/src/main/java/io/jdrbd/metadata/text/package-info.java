/**
 * The texts that {@code drbdmeta} prints and reads: dump-md and restore-md, get-gi, show-gi and
 * set-gi. Uses {@link io.jdrbd.metadata.format} only. Begin with {@link
 * io.jdrbd.metadata.text.DumpWriter} and {@link io.jdrbd.metadata.text.DumpParser}.
 */
package io.jdrbd.metadata.text;
