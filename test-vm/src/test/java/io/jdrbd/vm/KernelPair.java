package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The machines for tests with a kernel's DRBD as the peer: a guest, a cable, and a disk each. */
final class KernelPair implements AutoCloseable {
  /** What of a disk is data, at least: the rest may be metadata. */
  private static final int DATA_BYTES = 16 << 20;

  private static final int METADATA_BYTES = 128 << 10;
  private static final int STEP_BYTES = 1 << 20;
  private static final byte SPOILT = 0x55;
  private static final String KERNEL = "kernel";
  private static final String JDRBD = "jdrbd";

  private final Path directory;
  private final HostNamespace namespace;
  private Guest guest;

  private KernelPair(Path directory, HostNamespace namespace, Guest guest) {
    this.directory = directory;
    this.namespace = namespace;
    this.guest = guest;
  }

  static KernelPair boot() {
    HostNamespace namespace = HostNamespace.create("10.77.0.254/24");
    try {
      return boot(namespace, Files.createTempDirectory("jdrbd-kernel-peer-"));
    } catch (IOException | GuestException e) {
      namespace.close();
      throw new GuestException("no machines for tests with a kernel's DRBD", e);
    }
  }

  private static KernelPair boot(HostNamespace namespace, Path directory) throws IOException {
    try {
      makeDisk(directory.resolve(KERNEL));
      return new KernelPair(directory, namespace, guest(namespace, directory));
    } catch (IOException | GuestException e) {
      delete(directory);
      throw e;
    }
  }

  private static Guest guest(HostNamespace namespace, Path directory) {
    return Guest.named(KERNEL)
        .module("drbd")
        .disk("data", directory.resolve(KERNEL))
        .plugInto(namespace, "10.77.0.1/24")
        .start();
  }

  private static void delete(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(JDRBD));
    Files.deleteIfExists(directory.resolve(KERNEL));
    Files.delete(directory);
  }

  /** Cuts the guest's power: what its disk had not been given is lost. */
  void powerCut() {
    guest.close();
  }

  /** Boots the guest again with the disk that it had; nothing is configured in it. */
  KernelPeer bootAgain() {
    guest = guest(namespace, directory);
    return new KernelPeer(guest);
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
      makeDisk(directory.resolve(JDRBD));
    } catch (IOException e) {
      throw new UncheckedIOException("no disk for jdrbd", e);
    }
    return new HostPeer(runDirectory, namespace, directory.resolve(JDRBD), netOptions);
  }

  /** Changes data on jdrbd's disk behind its back. */
  void spoil(long offset, int length) {
    try (RandomAccessFile disk = new RandomAccessFile(directory.resolve(JDRBD).toFile(), "rwd")) {
      byte[] other = new byte[length];
      Arrays.fill(other, SPOILT);
      disk.seek(offset);
      disk.write(other);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot change jdrbd's disk", e);
    }
  }

  /** Listens to what both say to each other. */
  Sniffer sniff(Path file) {
    return Sniffer.start(namespace, file);
  }

  /** Pulls the cable between the two, or plugs it in again. */
  void cable(boolean plugged) {
    namespace.cable(plugged);
  }

  /** Fails at the first difference between the two disks' data. */
  void assertEqualDisks() {
    guest.run("sync");
    try (FileChannel one = FileChannel.open(directory.resolve(KERNEL));
        FileChannel other = FileChannel.open(directory.resolve(JDRBD))) {
      for (int offset = 0; offset < DATA_BYTES; offset += STEP_BYTES) {
        int difference = read(one, offset).mismatch(read(other, offset));
        assertThat(difference).as("first byte that differs, from %d on", offset).isNegative();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compare the disks", e);
    }
  }

  /** Checks the file system on jdrbd's disk, and tells what e2fsck said. */
  String checkFileSystem() {
    return HostProgram.run("e2fsck", "-fn", directory.resolve(JDRBD).toString());
  }

  private static ByteBuffer read(FileChannel disk, int offset) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(STEP_BYTES);
    while (bytes.hasRemaining()) {
      assertThat(disk.read(bytes, (long) offset + bytes.position())).isPositive();
    }
    return bytes.flip();
  }

  /**
   * Fails where the kernel's log has a line that two kernels do not write to it.
   *
   * @param allowed what a line may have in it nevertheless
   */
  void assertNothingOdd(String log, String... allowed) {
    assertThat(KernelTalk.oddLines(log))
        .as("all of the log:\n%s", log)
        .allMatch(line -> Stream.of(allowed).anyMatch(line::contains));
  }

  @Override
  public void close() {
    guest.close();
    namespace.close();
    try {
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
