package io.jdrbd.kernel;

import io.jdrbd.kernel.libc.KernelException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/** What sysfs shows of the kernel's NBD devices. Reads files; does not wait for a device. */
final class SysBlock {
  private static final long SECTOR_BYTES = 512;
  private static final String PREFIX = "nbd";
  private static final long POLL_MS = 10;

  private final Path directory;

  /**
   * @param directory {@code /sys/block}
   */
  SysBlock(Path directory) {
    this.directory = directory;
  }

  /** The device that has this backend identifier. */
  OptionalInt findByBackend(String backend) throws IOException {
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(directory, PREFIX + "[0-9]*")) {
      for (Path device : devices) {
        if (read(device.resolve("backend")).filter(backend::equals).isPresent()) {
          String name = device.getFileName().toString();
          return OptionalInt.of(Integer.parseInt(name.substring(PREFIX.length())));
        }
      }
      return OptionalInt.empty();
    } catch (NoSuchFileException _) {
      return OptionalInt.empty(); // no sysfs, no devices
    }
  }

  /** The backend identifier that the device was connected with, while it is. */
  Optional<String> backend(int index) throws IOException {
    return read(device(index).resolve("backend"));
  }

  /** Whether a device, {@code /dev/nbdX}, is connected to a jdrbd and stands for the volume. */
  boolean isOf(String volume, Path node) throws IOException {
    return read(directory.resolve(node.getFileName()).resolve("backend"))
        .filter(backend -> DeviceRecord.isOf(volume, backend))
        .isPresent();
  }

  /** How many requests wait for their answers. */
  long inFlight(int index) throws IOException {
    return read(device(index).resolve("inflight")).stream()
        .flatMap(counts -> Arrays.stream(counts.split(" +")))
        .mapToLong(Long::parseLong)
        .sum();
  }

  /** The size as everybody sees it. */
  Optional<Long> sizeBytes(int index) throws IOException {
    return read(device(index).resolve("size")).map(size -> Long.parseLong(size) * SECTOR_BYTES);
  }

  /**
   * Sets after which time the kernel looks after a request that was not answered: it is sent again
   * if its connection has been replaced.
   */
  void setRequestTimeout(int index, Duration timeout) throws IOException {
    Files.writeString(device(index).resolve("queue/io_timeout"), timeout.toMillis() + "\n");
  }

  /** Waits until the device has the size, and its node is there. Blocks. */
  void awaitSize(int index, Path node, long sizeBytes, Duration bound) throws IOException {
    long deadlineNs = System.nanoTime() + bound.toNanos();
    while (!(sizeBytes(index).filter(size -> size == sizeBytes).isPresent()
        && Files.exists(node))) {
      if (System.nanoTime() > deadlineNs) {
        throw new KernelException(
            KernelException.ETIMEDOUT,
            "%s: not there with %d bytes within %d ms (size in sysfs: %s, node: %s)"
                .formatted(
                    node,
                    sizeBytes,
                    bound.toMillis(),
                    sizeBytes(index).map(String::valueOf).orElse("none"),
                    Files.exists(node) ? "there" : "missing, is /dev a devtmpfs?"));
      }
      pause();
    }
  }

  private static void pause() throws KernelException {
    try {
      Thread.sleep(POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KernelException(KernelException.EINTR, "interrupted while waiting for a device", e);
    }
  }

  private Path device(int index) {
    return directory.resolve(PREFIX + index);
  }

  private static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
