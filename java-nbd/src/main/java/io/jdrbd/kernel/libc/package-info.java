/**
 * The few calls of the C library that the kernel control plane needs, bound with jnr-ffi: sockets
 * for netlink, socket pairs, memory locking. {@link io.jdrbd.kernel.libc.SystemCalls} is what the
 * packages above use: it turns failures into {@link io.jdrbd.kernel.libc.KernelException}. May use
 * nothing of jdrbd.
 */
package io.jdrbd.kernel.libc;
