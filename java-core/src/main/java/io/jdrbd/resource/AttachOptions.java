package io.jdrbd.resource;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a disk is attached.
 *
 * @param disk which one
 * @param metadata where its metadata is; empty: it carries none, all of it is data, nothing about
 *     its past is known, and it counts as UpToDate at once
 * @param config the options of the disk
 */
public record AttachOptions(DiskSpec disk, Optional<MetadataPlace> metadata, DiskConfig config) {

  /** A disk that carries no DRBD metadata. */
  public static AttachOptions withoutMetadata(DiskSpec disk) {
    return new AttachOptions(disk, Optional.empty(), DiskConfig.defaults());
  }

  /** The same with another configured size, in sectors; 0 for all there is. */
  AttachOptions with(DiskConfig changed) {
    return new AttachOptions(disk, metadata, changed);
  }

  AttachOptions withSize(long sectors) {
    return new AttachOptions(
        disk, metadata, config.with(Map.of(DiskOption.SIZE.word(), Long.toString(sectors))));
  }

  /** The disk that holds the metadata, where it is another one. */
  Optional<DiskSpec> separateMetadata() {
    return metadata
        .filter(place -> !place.isInternal())
        .map(place -> new DiskSpec(place.path(), disk.engine(), List.of()));
  }
}
