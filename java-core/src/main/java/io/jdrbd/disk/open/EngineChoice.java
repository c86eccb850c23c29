package io.jdrbd.disk.open;

import io.jdrbd.disk.Sizes;
import io.jdrbd.disk.memory.MemoryDisk;

/** Which engine is to serve a disk. */
public sealed interface EngineChoice {

  /** io_uring where the kernel permits it, direct otherwise. */
  record Auto() implements EngineChoice {}

  /** Blocking calls on threads. */
  record Direct() implements EngineChoice {}

  /** io_uring, or an error. */
  record IoUring() implements EngineChoice {}

  /** A new disk in memory, gone when it is closed. */
  record Memory(long sizeBytes) implements EngineChoice {
    public Memory {
      if (sizeBytes < 1 || sizeBytes > MemoryDisk.SIZE_BYTES_MAX) {
        throw new IllegalArgumentException(
            "memory disk of %d bytes: must be from 1 to %d (4T)"
                .formatted(sizeBytes, MemoryDisk.SIZE_BYTES_MAX));
      }
    }
  }

  /**
   * Reads {@code auto}, {@code direct}, {@code io_uring} or {@code memory:SIZE}.
   *
   * @throws IllegalArgumentException with a text for the person who wrote it
   */
  static EngineChoice parse(String text) {
    if (text.startsWith("memory:")) {
      return new Memory(Sizes.parse(text.substring("memory:".length())));
    }
    return switch (text) {
      case "auto" -> new Auto();
      case "direct" -> new Direct();
      case "io_uring" -> new IoUring();
      default ->
          throw new IllegalArgumentException(
              "\"%s\" is not a disk engine; there are auto, direct, io_uring and memory:SIZE"
                  .formatted(text));
    };
  }
}
