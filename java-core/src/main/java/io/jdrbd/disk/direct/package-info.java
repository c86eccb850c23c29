/**
 * The engine that works everywhere: O_DIRECT files and block devices by blocking calls (JNA, direct
 * mapping) on a few threads. Begin at {@link io.jdrbd.disk.direct.DirectDisk}; {@link
 * io.jdrbd.disk.direct.DiskFile} is the opened disk, which the io_uring engine uses too. May use
 * loop, buffer and the disk SPI.
 */
package io.jdrbd.disk.direct;
