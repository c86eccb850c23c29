package io.jdrbd.vm;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What every guest boots from, as {@code src/guest/build-image} made it.
 *
 * @param kernel the compressed kernel
 * @param initrd the initramfs that finds the root image
 * @param root the root file system, which guests share and never write to
 */
record GuestImage(Path kernel, Path initrd, Path root) {

  private static final Path DIRECTORY =
      Path.of(System.getProperty("jdrbd.vm.image", "target/guest"));

  /**
   * Finds the image of this build.
   *
   * @throws IllegalStateException if it was not built
   */
  static GuestImage find() {
    if (!Files.exists(DIRECTORY.resolve("complete"))) {
      throw new IllegalStateException(
          "no guest image in %s: run test-vm/src/guest/build-image %<s (Maven does, in the phase pre-integration-test)"
              .formatted(DIRECTORY.toAbsolutePath()));
    }
    return new GuestImage(
        DIRECTORY.resolve("vmlinuz"),
        DIRECTORY.resolve("initrd.cpio"),
        DIRECTORY.resolve("root.img"));
  }
}
