/**
 * DRBD's on-disk metadata as values: units, places, superblocks, activity-log blocks. Pure: nothing
 * here does I/O or keeps state. Begin with {@link io.jdrbd.metadata.format.Layout} (where things
 * are) and {@link io.jdrbd.metadata.format.Superblock} (what is written there).
 */
package io.jdrbd.metadata.format;
