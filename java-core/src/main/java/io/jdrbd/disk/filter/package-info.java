/**
 * Disks that wrap another disk and change one thing, the same in tests and in the product: {@link
 * io.jdrbd.disk.filter.AlignedDisk} takes requests of any alignment, the others make a disk slow,
 * faulty, observed or forgetful. {@link io.jdrbd.disk.filter.FilterSpec} makes them from text. May
 * use loop, buffer and the disk SPI.
 */
package io.jdrbd.disk.filter;
