/**
 * Disks. {@link io.jdrbd.disk.BlockDisk} is what everything above sees; engines (direct, io_uring,
 * memory) implement it and filters wrap it, the same in tests and in the product. A request is a
 * {@link io.jdrbd.disk.DiskRequest}. May use loop, buffer and natives.
 */
package io.jdrbd.disk;
