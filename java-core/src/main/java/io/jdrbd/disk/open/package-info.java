/**
 * From a path and options to a disk that is ready for use: begin at {@link
 * io.jdrbd.disk.open.DiskOpener}. May use everything below {@code disk}.
 */
package io.jdrbd.disk.open;
