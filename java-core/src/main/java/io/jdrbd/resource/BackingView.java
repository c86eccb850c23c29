package io.jdrbd.resource;

import java.util.Optional;

/**
 * What can be seen of a volume's disk.
 *
 * @param path a block device or file
 * @param metadata where its metadata is; empty for a disk without
 * @param config its options
 */
public record BackingView(String path, Optional<MetadataPlace> metadata, DiskConfig config) {
  static BackingView of(AttachOptions options) {
    return new BackingView(options.disk().path(), options.metadata(), options.config());
  }
}
