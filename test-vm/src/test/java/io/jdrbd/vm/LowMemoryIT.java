package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine with little memory, most of it dirty pages of a file system on its own jdrbd's device:
 * to free a page, the kernel needs the daemon, and the daemon must need no page for that.
 */
class LowMemoryIT {
  private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(5);
  private static final int FILES = 3;

  /** 4 MiB each: what is written is more than all memory that may be dirty at once. */
  private static final int PIECES_PER_FILE = 12;

  /** More than a third of what is left beside the daemon. */
  private static final int DIRTY_KIB_MIN = 64 << 10;

  @TempDir private Path directory;

  @Test
  void dirtyPagesOfTheOwnDeviceAreWrittenAlthoughMemoryIsFull() throws IOException {
    try (Guest guest =
        Guest.named("small")
            .memoryMib(384)
            .module("nbd")
            .jdrbd()
            .disk("data", DiskImage.createUpToDate(directory.resolve("disk.raw"), 512L << 20))
            .start()) {
      GuestNode node = GuestNode.create(guest);
      assertThat(node.log()).contains("memory is locked");
      guest.run("mkfs.ext4 -q /dev/nbd0 && mount /dev/nbd0 /mnt", LOAD_TIMEOUT);

      // Nearly all memory may become dirty before anybody begins to write it.
      guest.run(
          """
          echo 85 > /proc/sys/vm/dirty_background_ratio
          echo 90 > /proc/sys/vm/dirty_ratio
          head -c 4194304 /dev/urandom > /tmp/piece
          """);
      String digest =
          guest
              .run(
                  """
                  for file in $(seq %d); do
                    for piece in $(seq %d); do cat /tmp/piece; done > /mnt/$file
                    grep Dirty: /proc/meminfo >> /tmp/dirty
                  done
                  sync
                  for piece in $(seq %<d); do cat /tmp/piece; done | md5sum
                  """
                      .formatted(FILES, PIECES_PER_FILE),
                  LOAD_TIMEOUT)
              .stdout();

      int dirtyKibMax =
          Integer.parseInt(
              guest
                  .run("grep Dirty: /tmp/dirty | tr -dc '0-9\\n' | sort -n | tail -n 1")
                  .stdout()
                  .trim());
      assertThat(dirtyKibMax).isGreaterThan(DIRTY_KIB_MIN);
      guest.run("umount /mnt && fsck.ext4 -f -n /dev/nbd0 && mount /dev/nbd0 /mnt", LOAD_TIMEOUT);
      assertThat(guest.run("for f in /mnt/[1-9]; do md5sum < $f; done", LOAD_TIMEOUT).stdout())
          .isEqualTo(digest.repeat(FILES));
      assertThat(guest.kernelLog())
          .doesNotContain("blocked for more than")
          .doesNotContain("Out of memory")
          .doesNotContain("I/O error");
    }
  }
}
