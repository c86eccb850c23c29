package io.jdrbd.resource;

import java.util.List;

/**
 * Which disk to open, and how.
 *
 * @param path a block device or a regular file
 * @param engine what does the I/O; {@code auto} lets jdrbd choose
 * @param filters behaviours around it, from the disk outwards, such as {@code delay=5ms}
 */
public record DiskSpec(String path, String engine, List<String> filters) {
  /** The engine that is the best one available. */
  public static final String AUTO = "auto";

  public DiskSpec {
    filters = List.copyOf(filters);
  }
}
