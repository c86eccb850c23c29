/**
 * io_uring without liburing: a ring is memory that this process shares with the kernel. Java fills
 * submission entries ({@link io.jdrbd.natives.uring.Sqe}) and reads completions through the mapped
 * memory; system calls are made for set-up, enter and registration only.
 *
 * <p>Begin at {@link io.jdrbd.natives.uring.Ring}. It stands here, below everything, because the
 * disk engine of java-core and ublk of java-nbd (commands in entries of 128 bytes, a ring per
 * queue) both build on it. May use io.jdrbd.natives.
 */
package io.jdrbd.natives.uring;
