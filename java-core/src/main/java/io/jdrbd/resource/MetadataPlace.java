package io.jdrbd.resource;

import io.jdrbd.metadata.format.Placement;

/**
 * Where the metadata of a disk is.
 *
 * @param path the device or file; that of the data where it is internal
 * @param placement where on it
 */
public record MetadataPlace(String path, Placement placement) {

  /** Whether it lies behind the data. */
  public boolean isInternal() {
    return placement instanceof Placement.Internal;
  }

  /** The index as commands and requests name it: {@code internal}, {@code flexible}, a number. */
  public String index() {
    return switch (placement) {
      case Placement.Internal() -> "internal";
      case Placement.Flexible() -> "flexible";
      case Placement.Indexed(int index) -> Integer.toString(index);
    };
  }
}
