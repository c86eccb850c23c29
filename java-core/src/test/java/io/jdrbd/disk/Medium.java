package io.jdrbd.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Something with a path that an engine can open; made for one test and removed after it. */
public abstract class Medium implements AutoCloseable {
  private final Path directory;

  private Medium() throws IOException {
    this.directory = Files.createTempDirectory("jdrbd-disk");
  }

  /** Where to open it. */
  public abstract String path();

  /** The size after changing it from outside, as an administrator would. */
  public abstract void resize(long sizeBytes) throws IOException;

  /** Whether what is given up reads as holes afterwards. */
  public abstract boolean knowsHoles();

  Path directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.delete(directory);
  }

  /** What media there are, for a {@code @ParameterizedClass}. */
  public enum Kind {
    FILE("a file", false),
    LOOP_512("a block device with blocks of 512 bytes", true),
    LOOP_4096("a block device with blocks of 4096 bytes", true),
    RAMFS("a file on a file system without O_DIRECT", true),
    SPARSE_ON_FULL("a sparse file of which the file system can hold only one MiB", true),
    BAD_SECOND_HALF("a block device whose second half cannot be read", true);

    private final String text;
    private final boolean needsRoot;

    Kind(String text, boolean needsRoot) {
      this.text = text;
      this.needsRoot = needsRoot;
    }

    /** Whether only root can make one. */
    public boolean needsRoot() {
      return needsRoot;
    }

    @Override
    public String toString() {
      return text;
    }

    /** Makes one whose bytes are all zero. */
    public Medium create(long sizeBytes) throws IOException {
      return switch (this) {
        case FILE -> new OnFile(sizeBytes);
        case LOOP_512 -> new OnLoop(sizeBytes, 512);
        case LOOP_4096 -> new OnLoop(sizeBytes, 4096);
        case RAMFS -> new OnMount(sizeBytes, "ramfs", "mode=700");
        case SPARSE_ON_FULL -> new OnMount(sizeBytes, "tmpfs", "size=1m");
        case BAD_SECOND_HALF -> {
          OnLoop medium = new OnLoop(sizeBytes, 512);
          setSize(medium.file, sizeBytes / 2);
          yield medium;
        }
      };
    }
  }

  private static final class OnFile extends Medium {
    private final Path file = directory().resolve("disk");

    OnFile(long sizeBytes) throws IOException {
      setSize(file, sizeBytes);
    }

    @Override
    public String path() {
      return file.toString();
    }

    @Override
    public void resize(long sizeBytes) throws IOException {
      setSize(file, sizeBytes);
    }

    @Override
    public boolean knowsHoles() {
      return true;
    }
  }

  private static final class OnLoop extends Medium {
    private final Path file = directory().resolve("backing");
    private final String device;

    OnLoop(long sizeBytes, int blockBytes) throws IOException {
      setSize(file, sizeBytes);
      device =
          run(
              "losetup",
              "--find",
              "--show",
              "--direct-io=on",
              "--sector-size",
              "" + blockBytes,
              file.toString());
    }

    @Override
    public String path() {
      return device;
    }

    @Override
    public void resize(long sizeBytes) throws IOException {
      setSize(file, sizeBytes);
      run("losetup", "--set-capacity", device);
    }

    @Override
    public boolean knowsHoles() {
      return false;
    }

    @Override
    public void close() throws IOException {
      run("losetup", "--detach", device);
      super.close();
    }
  }

  private static final class OnMount extends Medium {
    private final Path file = directory().resolve("disk");

    OnMount(long sizeBytes, String type, String option) throws IOException {
      run("mount", "-t", type, "-o", option, "jdrbd-test", directory().toString());
      setSize(file, sizeBytes);
    }

    @Override
    public String path() {
      return file.toString();
    }

    @Override
    public void resize(long sizeBytes) throws IOException {
      setSize(file, sizeBytes);
    }

    @Override
    public boolean knowsHoles() {
      return false;
    }

    @Override
    public void close() throws IOException {
      run("umount", directory().toString());
      super.close();
    }
  }

  private static void setSize(Path file, long sizeBytes) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(sizeBytes);
    }
  }

  /** Runs a program to its end and answers what it printed. */
  static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      throw new IOException(String.join(" ", command) + ": interrupted", e);
    }
    return output;
  }
}
