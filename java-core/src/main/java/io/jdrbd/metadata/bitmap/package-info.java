/**
 * The out-of-sync bitmaps in memory: one for each peer slot, worked on by word, with marks for what
 * the disk does not have yet. Begin with {@link io.jdrbd.metadata.bitmap.Bitmap}. Uses {@link
 * io.jdrbd.metadata.format} only, does no I/O.
 */
package io.jdrbd.metadata.bitmap;
