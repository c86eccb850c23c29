/**
 * What {@code drbdmeta} does to a disk that is not in use: create, dump, restore, apply the
 * activity log, move, change single facts. Waits for its I/O. Begin with {@link
 * io.jdrbd.metadata.tool.MetadataTool}.
 */
package io.jdrbd.metadata.tool;
