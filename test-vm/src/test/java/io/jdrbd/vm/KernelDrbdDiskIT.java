package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One disk, used in turn by a jdrbd on the host and by the kernel's DRBD 8.4 in a guest, whole and
 * after a crash of either. What a crash leaves to be marked is judged by {@code drbdmeta}.
 */
class KernelDrbdDiskIT {
  private static final long DISK_BYTES = 256L << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int ENOUGH_TRANSACTIONS = 20;

  private static final String ATTACH =
      "/lib/drbd/drbdsetup-84 new-resource r0 && /lib/drbd/drbdsetup-84 new-minor r0 0 0 && mknod"
          + " -m 600 /tmp/drbd0 b 147 0 && /lib/drbd/drbdsetup-84 attach 0 /dev/disk/data"
          + " /dev/disk/data internal";

  @TempDir private Path directory;
  private Path disk;

  @BeforeEach
  void create() throws IOException {
    disk = directory.resolve("disk.raw");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    drbdmeta(disk, "create-md", "--force");
  }

  @Test
  void aDiskGoesToTheKernelAndBack() throws IOException {
    try (HostNode node = attach("first")) {
      node.run("primary", "r0", "--force");
      qemuIo(node, "write -P 0x11 0 1M", "write -P 0x22 100M 1M", "flush");
      node.run("secondary", "r0");
      node.run("down", "r0");
    }
    try (Guest guest = boot()) {
      guest.run(ATTACH, PATIENCE);
      assertThat(guest.run("/lib/drbd/drbdsetup-84 dstate 0").stdout()).startsWith("UpToDate/");
      guest.run("/lib/drbd/drbdsetup-84 primary 0", PATIENCE);
      assertThat(bytes(guest, 0)).isEqualTo("11 1048576");
      assertThat(bytes(guest, 100)).isEqualTo("22 1048576");
      guest.run("dd if=/dev/zero bs=1M count=1 | tr '\\0' '\\63' > /tmp/block", PATIENCE);
      guest.run("dd if=/tmp/block of=/tmp/drbd0 bs=1M seek=200 oflag=direct", PATIENCE);
      guest.run("/lib/drbd/drbdsetup-84 secondary 0 && /lib/drbd/drbdsetup-84 down r0", PATIENCE);
      guest.powerOff();
    }
    try (HostNode node = attach("second")) {
      assertThat(node.run("dstate", "10")).isEqualTo("UpToDate\n");
      qemuIo(node, "read -P 0x11 0 1M", "read -P 0x33 200M 1M");
    }
  }

  @Test
  void afterAKernelsCrashJdrbdMarksWhatDrbdmetaMarks() throws IOException {
    try (HostNode node = attach("first")) {
      node.run("new-current-uuid", "10", "--clear-bitmap");
      node.run("down", "r0");
    }
    try (Guest guest = boot()) {
      guest.run(ATTACH, PATIENCE);
      guest.run("/lib/drbd/drbdsetup-84 primary 0", PATIENCE);
      for (int extent : new int[] {1, 7, 8, 30, 61}) {
        guest.run("dd if=/dev/zero of=/tmp/drbd0 bs=4k count=1 oflag=direct seek=" + extent * 1024);
      }
      guest.powerCut();
    }
    Path copy = Files.copy(disk, directory.resolve("copy.raw"));
    drbdmeta(copy, "apply-al");
    try (HostNode node = attach("second")) {
      node.run("down", "r0");
    }
    assertThat(bitmap(disk)).isEqualTo(bitmap(copy)).contains("bits-set " + 5 * 1024);
  }

  @Test
  void afterJdrbdsCrashTheKernelMarksTheSame() throws IOException {
    try (HostNode node = attach("first")) {
      node.run("new-current-uuid", "10", "--clear-bitmap");
      node.run("primary", "r0");
      Process load = load(node);
      try {
        awaitTransactions(node);
        node.kill();
      } finally {
        load.destroyForcibly();
      }
    }
    Path copy = Files.copy(disk, directory.resolve("copy.raw"));
    drbdmeta(copy, "apply-al");
    try (HostNode node = attach("second")) {
      node.run("down", "r0");
    }
    assertThat(bitmap(disk)).isEqualTo(bitmap(copy));
    try (Guest guest = Guest.named("kernel").module("drbd").disk("data", copy).start()) {
      guest.run(ATTACH, PATIENCE);
      long marked = Long.parseLong(bitmap(disk).replaceAll("(?s).*bits-set (\\d+).*", "$1"));
      assertThat(guest.get("/proc/drbd")).contains(" oos:" + marked * 4);
    }
  }

  private Guest boot() {
    return Guest.named("kernel").module("drbd").disk("data", disk).start();
  }

  private HostNode attach(String name) throws IOException {
    HostNode node = HostNode.start(Files.createDirectory(directory.resolve(name)));
    node.run("new-resource", "r0", "0");
    node.run("new-minor", "r0", "10", "0", "--device", "none");
    node.run("attach", "10", disk.toString(), disk.toString(), "internal");
    return node;
  }

  private static void qemuIo(HostNode node, String... commands) {
    String[] line = new String[commands.length * 2 + 4];
    line[0] = "qemu-io";
    line[1] = "-f";
    line[2] = "raw";
    for (int index = 0; index < commands.length; index++) {
      line[3 + index * 2] = "-c";
      line[4 + index * 2] = commands[index];
    }
    line[line.length - 1] = uri(node);
    assertThat(HostProgram.run(line)).doesNotContain("verification failed", "error");
  }

  private static String uri(HostNode node) {
    return "nbd://127.0.0.1:%d/r0/0".formatted(node.port());
  }

  private Process load(HostNode node) throws IOException {
    return new ProcessBuilder(
            "fio",
            "--name=load",
            "--ioengine=nbd",
            "--uri=" + uri(node),
            "--rw=randwrite",
            "--bs=4k",
            "--iodepth=8",
            "--size=250M",
            "--time_based",
            "--runtime=300")
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("fio.log").toFile())
        .start();
  }

  /** A fresh daemon attaches with 1237 slots, so the load ends with all 63 extents active. */
  private static void awaitTransactions(HostNode node) {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (alWrites(node) == 0 || written(node) < ENOUGH_TRANSACTIONS) {
      assertThat(System.nanoTime()).isLessThan(deadlineNs);
    }
  }

  private static long alWrites(HostNode node) {
    return number(node, "al-writes");
  }

  private static long written(HostNode node) {
    return number(node, "written");
  }

  private static long number(HostNode node, String word) {
    String status = node.run("status", "-v", "-s", "r0");
    return Long.parseLong(status.replaceAll("(?s).*\\b" + word + ":(\\d+).*", "$1"));
  }

  /** The byte that fills a MiB of the device, and how many of it there are. */
  private static String bytes(Guest guest, int atMib) {
    return guest
        .run(
            "dd if=/tmp/drbd0 bs=1M count=1 skip=%d 2>/dev/null | hexdump -v -e '1/1 \"%%02x\\n\"' | uniq -c | awk '{print $2, $1}'"
                .formatted(atMib),
            PATIENCE)
        .stdout()
        .trim();
  }

  private static String bitmap(Path file) {
    String dump = drbdmeta(file, "dump-md");
    return dump.substring(dump.indexOf("bm {"));
  }

  private static String drbdmeta(Path file, String... words) {
    String[] command = new String[words.length + 6];
    command[0] = "drbdmeta";
    command[1] = "--force";
    command[2] = "9";
    command[3] = "v08";
    command[4] = file.toString();
    command[5] = "internal";
    System.arraycopy(words, 0, command, 6, words.length);
    return HostProgram.run(command);
  }
}
