package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import java.util.Optional;

/**
 * The disk below a volume.
 *
 * @param options how it was attached
 * @param disk the opened disk; empty while it is being opened
 */
record BackingDisk(AttachOptions options, Optional<BlockDisk> disk) {}
