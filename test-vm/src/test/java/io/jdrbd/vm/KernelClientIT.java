package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Linux's own NBD client, attached by nbd-client in a guest over TCP to a daemon on the host: file
 * systems, discards and partitions on jdrbd's disk.
 */
class KernelClientIT {

  private static final long DISK_BYTES = 256L << 20;
  private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(3);

  @TempDir static Path directory;

  private static Guest guest;

  @TempDir Path nodeDirectory;

  private Path disk;
  private HostNode node;

  @BeforeAll
  static void boot() {
    guest = Guest.named("client").memoryMib(384).hostNetwork().module("nbd").start();
  }

  @AfterAll
  static void turnOff() {
    guest.close();
  }

  @BeforeEach
  void attach() throws IOException {
    disk = nodeDirectory.resolve("disk.raw");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    node = HostNode.start(nodeDirectory);
    node.offer("r0", 0, disk);
    connect();
  }

  @AfterEach
  void detach() {
    disconnect();
    node.close();
  }

  private void connect() {
    guest.run("nbd-client -N r0/0 %s %d /dev/nbd0".formatted(Guest.HOST_ADDRESS, node.port()));
    assertThat(guest.run("blockdev --getsize64 /dev/nbd0").stdout().trim())
        .isEqualTo(Long.toString(DISK_BYTES));
  }

  private void disconnect() {
    guest.run("nbd-client -d /dev/nbd0");
    guest.await("! nbd-client -c /dev/nbd0", Duration.ofSeconds(10));
  }

  @Test
  void ext4SurvivesVerifiedLoadAndIsClean() {
    guest.run("mkfs.ext4 -q /dev/nbd0 && mount /dev/nbd0 /mnt", LOAD_TIMEOUT);
    guest.run(
        """
        fio --name=verify --directory=/mnt --size=24M --rw=randrw --bsrange=1k-64k --blockalign=512 \
            --ioengine=libaio --iodepth=8 --direct=1 --verify=crc32c --verify_fatal=1 --verify_backlog=64
        """,
        LOAD_TIMEOUT);
    guest.run(
        """
        mkdir /mnt/stress
        stress-ng --temp-path /mnt/stress --timeout 10 --verify --quiet \
            --dir 1 --rename 1 --link 1 --hdd 1 --hdd-bytes 8M --hdd-opts wr-rnd,rd-rnd,fsync
        """,
        LOAD_TIMEOUT);
    guest.run("seq 300000 > /mnt/kept && sync");
    guest.run("umount /mnt && fsck.ext4 -f -n /dev/nbd0", LOAD_TIMEOUT);
    assertNoKernelErrors();

    // What the guest wrote is on the host's disk.
    HostProgram.run("fsck.ext4", "-f", "-n", disk.toString());
  }

  @Test
  void blkdiscardGivesSpaceBackAndReadsAsZeroes() {
    guest.run(
        "head -c 8388608 /dev/urandom > /tmp/data && dd if=/tmp/data of=/dev/nbd0 bs=1M"
            + " oflag=direct");
    long before = allocatedBytes();
    assertThat(before).isGreaterThanOrEqualTo(8L << 20);
    guest.run("blkdiscard -o 2M -l 4M /dev/nbd0");
    assertThat(before - allocatedBytes()).isEqualTo(4L << 20);
    guest.run(
        """
        echo 3 > /proc/sys/vm/drop_caches
        dd if=/dev/zero of=/tmp/data bs=1M seek=2 count=4 conv=notrunc
        cmp -n 8388608 /tmp/data /dev/nbd0
        """);
    guest.run("blkdiscard --zeroout -o 0 -l 1M /dev/nbd0 && cmp -n 1048576 /dev/zero /dev/nbd0");
    assertNoKernelErrors();
  }

  @Test
  void aPartitionTableIsFoundAgain() {
    guest.run(
        "printf 'label: gpt\\n"
            + "size=64M\\n"
            + "size=100M\\n"
            + "' | sfdisk /dev/nbd0 && blockdev --rereadpt /dev/nbd0");
    guest.run(
        "mkfs.ext4 -q /dev/nbd0p2 && mount /dev/nbd0p2 /mnt && echo text > /mnt/file && umount"
            + " /mnt");
    disconnect();
    connect();
    guest.run("blockdev --rereadpt /dev/nbd0");
    guest.await("test -b /dev/nbd0p2", Duration.ofSeconds(10));
    assertThat(guest.run("blockdev --getsize64 /dev/nbd0p1").stdout()).isEqualTo((64 << 20) + "\n");
    guest.run("fsck.ext4 -f -n /dev/nbd0p2 && mount -o ro /dev/nbd0p2 /mnt");
    assertThat(guest.get("/mnt/file")).isEqualTo("text\n");
    guest.run("umount /mnt");
    assertNoKernelErrors();
  }

  private static void assertNoKernelErrors() {
    assertThat(guest.kernelLog())
        .doesNotContain("I/O error")
        .doesNotContain("Call Trace")
        .doesNotContain("EXT4-fs error")
        .doesNotContain("EXT4-fs warning");
  }

  private long allocatedBytes() {
    return Long.parseLong(HostProgram.run("stat", "-c", "%b", disk.toString()).trim()) * 512;
  }
}
