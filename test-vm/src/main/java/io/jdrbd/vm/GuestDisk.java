package io.jdrbd.vm;

import java.nio.file.Path;

/**
 * A disk of a guest.
 *
 * @param name its name in the guest: {@code /dev/disk/NAME}, or {@code /image/NAME} if it is an
 *     image; at most 14 characters
 * @param file its content on the host
 * @param format QEMU's name of the file's format: raw or qcow2
 * @param kind what the guest does with it
 */
record GuestDisk(String name, Path file, String format, Kind kind) {

  /** What the guest does with a disk. */
  enum Kind {
    /** The root file system, read-only and shared; always the first disk. */
    ROOT,
    /** An ext4 image, read-only and shared, mounted below /image. */
    IMAGE,
    /** A disk for the test to use. */
    DISK
  }

  boolean isReadOnly() {
    return kind != Kind.DISK;
  }

  /** The serial number, by which the guest's init knows what to do with the disk. */
  String serial() {
    return switch (kind) {
      case ROOT -> "";
      case IMAGE -> "image-" + name;
      case DISK -> name;
    };
  }
}
