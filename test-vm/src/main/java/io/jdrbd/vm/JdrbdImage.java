package io.jdrbd.vm;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * This build's jdrbd with a Java runtime of its own, as {@code src/guest/build-runtime} made it.
 *
 * <p>A guest that has it ({@link GuestBuilder#jdrbd()}) finds {@code jdrbd} and {@code java} in its
 * PATH and the jars in {@code /image/jdrbd/lib}. Without KVM a JVM there takes seconds to start.
 */
public final class JdrbdImage {

  private static final Path DIRECTORY =
      Path.of(System.getProperty("jdrbd.vm.runtime", "target/runtime"));

  private JdrbdImage() {}

  /** The ext4 image for guests. */
  static Path ext4File() {
    return existing("jdrbd.img");
  }

  /**
   * The directory that holds {@code bin}, {@code lib} and {@code runtime}; it may be copied to any
   * place.
   */
  public static Path directory() {
    return existing("jdrbd");
  }

  /**
   * The file tree of a container with jdrbd, busybox and the programs of libnbd, as a tar archive.
   */
  public static Path containerFile() {
    return existing("container.tar");
  }

  private static Path existing(String name) {
    Path path = DIRECTORY.resolve(name);
    if (!Files.exists(path)) {
      throw new IllegalStateException(
          "no %s: Maven makes it in the phase pre-integration-test"
              .formatted(path.toAbsolutePath()));
    }
    return path;
  }
}
