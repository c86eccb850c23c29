/**
 * A small client of Linux's generic netlink. Messages ({@link io.jdrbd.kernel.netlink.Attributes},
 * {@link io.jdrbd.kernel.netlink.GenericMessage}, {@link io.jdrbd.kernel.netlink.NetlinkMessage})
 * are pure coding; {@link io.jdrbd.kernel.netlink.GenericNetlink} does the I/O: begin there. May
 * use kernel.libc.
 *
 * <p>Everything on netlink is in the machine's byte order, and every part begins at a multiple of 4
 * bytes.
 */
package io.jdrbd.kernel.netlink;
