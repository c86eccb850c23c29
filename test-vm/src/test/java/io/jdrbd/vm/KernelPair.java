package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machines for tests with a kernel's DRBD as the peer: a guest, a cable, and a disk each. */
final class KernelPair implements AutoCloseable {
  /** What of a disk is data, at least: the rest may be metadata. */
  private static final int DATA_BYTES = 16 << 20;

  private static final int METADATA_BYTES = 128 << 10;
  private static final int STEP_BYTES = 1 << 20;

  private final Path directory;
  private final HostNamespace namespace;
  private final Guest guest;

  private KernelPair(Path directory, HostNamespace namespace, Guest guest) {
    this.directory = directory;
    this.namespace = namespace;
    this.guest = guest;
  }

  static KernelPair boot() {
    HostNamespace namespace = HostNamespace.create("10.77.0.254/24");
    try {
      Path directory = Files.createTempDirectory("jdrbd-kernel-peer-");
      makeDisk(directory.resolve("kernel"));
      Guest guest =
          Guest.named("kernel")
              .module("drbd")
              .disk("data", directory.resolve("kernel"))
              .plugInto(namespace, "10.77.0.1/24")
              .start();
      return new KernelPair(directory, namespace, guest);
    } catch (IOException e) {
      throw new UncheckedIOException("no disk for the guest", e);
    }
  }

  /** An empty file, in place of one that was there. */
  private static void makeDisk(Path file) throws IOException {
    Files.deleteIfExists(file);
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.setLength(DATA_BYTES + METADATA_BYTES);
    }
  }

  /** The kernel's side, with its device attached, not connected. */
  KernelPeer kernel(String scenario) {
    KernelPeer kernel = new KernelPeer(guest);
    kernel.create(scenario);
    return kernel;
  }

  /** The host's side, with its volume attached, not connected. */
  HostPeer jdrbd(Path runDirectory, String... netOptions) {
    try {
      makeDisk(directory.resolve("jdrbd"));
    } catch (IOException e) {
      throw new UncheckedIOException("no disk for jdrbd", e);
    }
    return new HostPeer(runDirectory, namespace, directory.resolve("jdrbd"), netOptions);
  }

  /** Pulls the cable between the two, or plugs it in again. */
  void cable(boolean plugged) {
    namespace.cable(plugged);
  }

  /** Fails at the first difference between the two disks' data. */
  void assertEqualDisks() {
    guest.run("sync");
    try (FileChannel one = FileChannel.open(directory.resolve("kernel"));
        FileChannel other = FileChannel.open(directory.resolve("jdrbd"))) {
      for (int offset = 0; offset < DATA_BYTES; offset += STEP_BYTES) {
        int difference = read(one, offset).mismatch(read(other, offset));
        assertThat(difference).as("first byte that differs, from %d on", offset).isNegative();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compare the disks", e);
    }
  }

  private static ByteBuffer read(FileChannel disk, int offset) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(STEP_BYTES);
    while (bytes.hasRemaining()) {
      assertThat(disk.read(bytes, (long) offset + bytes.position())).isPositive();
    }
    return bytes.flip();
  }

  /** Fails where the kernel's log has a line that two kernels do not write to it. */
  void assertNothingOdd(String log) {
    assertThat(KernelTalk.oddLines(log)).as("all of the log:\n%s", log).isEmpty();
  }

  @Override
  public void close() {
    guest.close();
    namespace.close();
    try {
      Files.deleteIfExists(directory.resolve("jdrbd"));
      Files.delete(directory.resolve("kernel"));
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
