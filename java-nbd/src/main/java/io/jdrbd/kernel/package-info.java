/**
 * How a volume becomes {@code /dev/nbdX}: the kernel's NBD client is given one end of a socket
 * pair, the NBD server has the other. Begin at {@link io.jdrbd.kernel.KernelNbd}; why it is as it
 * is stands in {@code docs/kernel-nbd.md}. May use export, nbd, and its own kernel.netlink and
 * kernel.libc.
 */
package io.jdrbd.kernel;
