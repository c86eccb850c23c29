/**
 * Metadata of a disk in use: which extents are active, which bits and which superblock still have
 * to be written, and in which order, so that no moment exists at which a crash loses a mark. Event
 * driven on the disk's loop; takes no lock and never waits. Begin with {@link
 * io.jdrbd.metadata.attached.BackingDisk}; the order of writes is in {@link
 * io.jdrbd.metadata.attached.TransactionWriter}.
 */
package io.jdrbd.metadata.attached;
