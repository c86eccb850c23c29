/**
 * What a process must do that serves a disk to its own kernel: when memory is short, the kernel
 * writes dirty pages to that disk, so the process must get on without new memory, and must not wait
 * for that very writing. Begin at {@link io.jdrbd.kernel.memory.MemoryHold}; the reasons stand in
 * {@code docs/kernel-nbd.md}. May use buffer and kernel.libc.
 */
package io.jdrbd.kernel.memory;
