package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import java.util.Optional;

/**
 * The disk below a volume, opened and, where it has metadata, ready for use.
 *
 * @param options how it was attached
 * @param data the disk as a whole, internal metadata included
 * @param separate the disk that holds the metadata, where it is another one
 * @param front what the volume's requests go to
 * @param metadata empty for a disk without
 */
record AttachedDisk(
    AttachOptions options,
    BlockDisk data,
    Optional<BlockDisk> separate,
    BlockDisk front,
    Optional<VolumeMetadata> metadata) {

  /** A disk without metadata. */
  static AttachedDisk plain(AttachOptions options, BlockDisk disk) {
    return new AttachedDisk(options, disk, Optional.empty(), disk, Optional.empty());
  }

  /** Closes everything after what is in flight; then calls {@code closed}. */
  void close(Runnable closed) {
    metadata.ifPresentOrElse(
        used -> used.finish(() -> closeDisks(closed)), () -> closeDisks(closed));
  }

  private void closeDisks(Runnable closed) {
    data.close(() -> separate.ifPresentOrElse(disk -> disk.close(closed), closed));
  }
}
