package io.jdrbd.vm;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files as disks with internal metadata of DRBD 9 for one peer, made by {@code drbdmeta}. */
final class DiskImage {
  private DiskImage() {}

  /** A disk as it is before its first use: Inconsistent. */
  static Path create(Path file, long bytes) throws IOException {
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(bytes);
    }
    drbdmeta(file, "create-md", "1");
    return file;
  }

  /** A disk whose data is good: UpToDate. */
  static Path createUpToDate(Path file, long bytes) throws IOException {
    create(file, bytes);
    drbdmeta(file, "--node-id", "0", "set-gi", "1122334455667788:0:0:0:1:1");
    return file;
  }

  private static void drbdmeta(Path file, String... words) {
    List<String> command =
        new ArrayList<>(List.of("drbdmeta", "--force", "0", "v09", file.toString(), "internal"));
    command.addAll(List.of(words));
    HostProgram.run(command.toArray(String[]::new));
  }
}
