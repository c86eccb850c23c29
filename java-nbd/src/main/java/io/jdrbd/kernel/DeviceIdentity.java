package io.jdrbd.kernel;

import java.nio.file.Path;

/**
 * Which device a volume is.
 *
 * @param volume for people
 * @param index X in {@code /dev/nbdX}
 * @param backend the identifier by which the kernel knows that it is ours
 * @param blockBytes its logical block
 */
record DeviceIdentity(VolumeName volume, int index, String backend, int blockBytes) {

  static Path node(int index) {
    return Path.of("/dev/nbd" + index);
  }

  Path node() {
    return node(index);
  }
}
