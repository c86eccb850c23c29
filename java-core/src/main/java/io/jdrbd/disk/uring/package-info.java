/**
 * The io_uring engine: reads, writes and flushes go through a ring that belongs to the event loop,
 * one for all of its disks. What comes up in one turn of the loop goes to the kernel in one system
 * call, and completions wake the loop itself; no other thread takes part. What a ring does no
 * better (discard, zeroes, extents) is left to the direct engine on the same file.
 *
 * <p>Begin at {@link io.jdrbd.disk.uring.UringDisk}; {@link io.jdrbd.disk.uring.UringEngine} owns
 * the ring and says in a sentence why there can be none. May use loop, buffer, natives, the disk
 * SPI and the direct engine.
 */
package io.jdrbd.disk.uring;
