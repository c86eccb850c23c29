/**
 * A disk in memory, {@link io.jdrbd.disk.memory.MemoryDisk}: for tests, demonstrations and as the
 * yardstick of everything above the disk. May use loop, buffer, the disk SPI and {@code
 * disk.direct} for its memory.
 */
package io.jdrbd.disk.memory;
