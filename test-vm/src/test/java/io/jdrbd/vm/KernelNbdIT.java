package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A volume as {@code /dev/nbd0} of the machine that the daemon runs on: attached by the daemon
 * itself, used, and still there after the daemon has ended in any way. Its disk has metadata.
 */
class KernelNbdIT {
  private static final long DISK_BYTES = 256L << 20;
  private static final long GROWTH_BYTES = 32L << 20;

  /** The metadata may take more of a larger disk. */
  private static final Offset<Long> METADATA = Offset.offset(64L << 10);

  private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(2);

  /** PF_MEMALLOC_NOIO, which PR_SET_IO_FLUSHER sets, in field 9 of /proc/PID/stat. */
  private static final int FLAG_NO_IO = 0x0008_0000;

  @TempDir static Path directory;

  private static final String LAST_ROLE = "grep -o 'role .*' /tmp/daemon.log | tail -n 1";

  private static Path disk;
  private static Guest guest;
  private static GuestNode node;

  @BeforeAll
  static void boot() throws IOException {
    disk = DiskImage.createUpToDate(directory.resolve("disk.raw"), DISK_BYTES);
    guest = Guest.named("node").memoryMib(512).module("nbd").jdrbd().disk("data", disk).start();
    guest.run("mkdir -p /dev/drbd/by-res/gone && ln -s /dev/nbd0 /dev/drbd/by-res/gone/0");
    node = GuestNode.create(guest);
  }

  @AfterAll
  static void turnOff() {
    guest.close();
  }

  @Test
  void theDeviceStandsForTheVolume() {
    assertThat(guest.run("cd /dev/drbd/by-res && readlink */*").stdout()).isEqualTo("/dev/nbd0\n");
    assertThat(guest.get("/sys/block/nbd0/backend")).startsWith("jdrbd r0/0 ");
  }

  @Test
  void aResourceIsPrimaryForAsLongAsItsDeviceIsMounted() {
    guest.run("mkfs.ext4 -q /dev/nbd0 && mount /dev/nbd0 /mnt", LOAD_TIMEOUT);
    guest.run("echo text > /mnt/file && sync");
    CommandResult refused = guest.start("jdrbd down r0").await(COMMAND_TIMEOUT);
    assertThat(refused.succeeded()).isFalse();
    assertThat(guest.run(LAST_ROLE).stdout()).isEqualTo("role Secondary -> Primary\n");

    guest.run("umount /mnt");

    guest.await("%s | grep 'Primary -> Secondary'".formatted(LAST_ROLE), COMMAND_TIMEOUT);
    assertNoKernelErrors();
  }

  @Test
  void everyThreadOfTheDaemonMayServeItsOwnKernel() {
    String flags =
        guest
            .run("sed 's/.*) //' /proc/$(cat /tmp/daemon.pid)/task/*/stat | cut -d' ' -f7")
            .stdout();

    assertThat(flags.lines().map(Long::parseLong))
        .hasSizeGreaterThan(5)
        .allMatch(threadFlags -> (threadFlags & FLAG_NO_IO) != 0);
    assertThat(guest.run("grep VmLck /proc/$(cat /tmp/daemon.pid)/status").stdout())
        .doesNotContain(" 0 kB");
    assertThat(node.log()).contains("memory is locked");
  }

  @Test
  void aMountedFileSystemOutlivesItsDaemon() {
    guest.run("mkfs.ext4 -q /dev/nbd0 && mount /dev/nbd0 /mnt", LOAD_TIMEOUT);
    GuestProcess load = startLoad();
    node.kill();
    node.start();
    assertThat(load.await(LOAD_TIMEOUT).exitCode()).isZero();

    load = startLoad();
    node.stop();
    long before = deviceBytes();
    growDisk();
    node.start();
    assertThat(load.await(LOAD_TIMEOUT).exitCode()).isZero();
    assertThat(deviceBytes() - before).isCloseTo(GROWTH_BYTES, METADATA);

    guest.run("umount /mnt && fsck.ext4 -f -n /dev/nbd0", LOAD_TIMEOUT);
    assertNoKernelErrors();
  }

  @Test
  void aMountedFileSystemGrowsWithItsDisk() {
    guest.run("mkfs.ext4 -q -b 4096 /dev/nbd0 && mount /dev/nbd0 /mnt", LOAD_TIMEOUT);
    long before = deviceBytes();

    growDisk();
    assertThat(deviceBytes()).isEqualTo(before);
    guest.run("jdrbd resize 0");
    guest.await("[ $(blockdev --getsize64 /dev/nbd0) -gt %d ]".formatted(before), COMMAND_TIMEOUT);
    long grown = deviceBytes();

    assertThat(grown - before).isCloseTo(GROWTH_BYTES, METADATA);
    assertThat(guest.run("jdrbd status r0 --verbose --statistics").stdout())
        .contains("size:%d ".formatted(grown / 1024));
    guest.run("resize2fs /dev/nbd0 && umount /mnt && fsck.ext4 -f -n /dev/nbd0", LOAD_TIMEOUT);
    assertThat(guest.run("dumpe2fs -h /dev/nbd0 | sed -n 's/^Block count: *//p'").stdout())
        .isEqualTo(grown / 4096 + "\n");
    int lastMib = (int) (grown >> 20) - 1;
    guest.run(
        """
        head -c 1048576 /dev/urandom > /tmp/end
        dd if=/tmp/end of=/dev/nbd0 bs=1M seek=%1$d oflag=direct
        dd if=/dev/nbd0 bs=1M skip=%1$d count=1 iflag=direct | cmp - /tmp/end
        """
            .formatted(lastMib));
    assertNoKernelErrors();
  }

  /** Makes the disk below the volume larger. */
  private static void growDisk() {
    String bytes = guest.run("blockdev --getsize64 /dev/disk/data").stdout().trim();
    guest.growDisk("data", Long.parseLong(bytes) + GROWTH_BYTES);
  }

  private static long deviceBytes() {
    return Long.parseLong(guest.run("blockdev --getsize64 /dev/nbd0").stdout().trim());
  }

  @Test
  void partitionsAreThereAgainWhenTheDeviceIs() {
    guest.run("printf 'label: gpt\\nsize=64M\\nsize=100M\\n' | sfdisk -q /dev/nbd0");
    guest.await("test -b /dev/nbd0p1 && test -b /dev/nbd0p2", COMMAND_TIMEOUT);
    guest.run("mkfs.ext4 -q /dev/nbd0p1 && mount /dev/nbd0p1 /mnt", LOAD_TIMEOUT);
    guest.run("echo text > /mnt/file");
    assertThat(guest.start("jdrbd detach 0").await(COMMAND_TIMEOUT).succeeded()).isFalse();
    guest.run("umount /mnt && jdrbd detach 0");
    guest.await("! test -e /dev/nbd0p1 && ! test -e /dev/drbd/by-res/r0/0", COMMAND_TIMEOUT);
    assertThat(guest.get("/sys/block/nbd0/size")).isEqualTo("0\n");

    node.attach();

    guest.await("test -b /dev/nbd0p1 && test -b /dev/nbd0p2", COMMAND_TIMEOUT);
    guest.run("fsck.ext4 -f -n /dev/nbd0p1 && mount -o ro /dev/nbd0p1 /mnt", LOAD_TIMEOUT);
    assertThat(guest.get("/mnt/file")).isEqualTo("text\n");
    guest.run("umount /mnt && wipefs -q -a /dev/nbd0 && blockdev --rereadpt /dev/nbd0");
    guest.await("! test -e /dev/nbd0p1", COMMAND_TIMEOUT);
    assertNoKernelErrors();
  }

  /** Begins to write and to verify, and is in the midst of it when this returns. */
  private static GuestProcess startLoad() {
    guest.run("rm -f /mnt/load*");
    GuestProcess load =
        guest.start(
            """
            fio --name=load --directory=/mnt --size=16M --rw=randrw --bsrange=4k-64k \
                --ioengine=libaio --iodepth=8 --direct=1 --fsync=32 --verify=crc32c \
                --verify_fatal=1 --verify_backlog=64
            """);
    guest.run("awk '{print $7}' /sys/block/nbd0/stat > /tmp/written");
    guest.await(
        "[ $(awk '{print $7}' /sys/block/nbd0/stat) -gt $(($(cat /tmp/written) + 2048)) ]",
        LOAD_TIMEOUT);
    return load;
  }

  @Test
  void discardsReachTheDisk() {
    guest.run(
        "head -c 4194304 /dev/urandom > /tmp/data"
            + " && dd if=/tmp/data of=/dev/nbd0 bs=1M oflag=direct");
    long before = allocatedBytes();
    guest.run("blkdiscard -o 1M -l 2M /dev/nbd0");
    assertThat(before - allocatedBytes()).isEqualTo(2L << 20);
    guest.run(
        """
        dd if=/dev/zero of=/tmp/data bs=1M seek=1 count=2 conv=notrunc
        cmp -n 4194304 /tmp/data /dev/nbd0 && rm /tmp/data
        blkdiscard --zeroout -o 0 -l 1M /dev/nbd0 && cmp -n 1048576 /dev/zero /dev/nbd0
        """);
    assertNoKernelErrors();
  }

  private static void assertNoKernelErrors() {
    assertThat(guest.kernelLog())
        .doesNotContain("I/O error")
        .doesNotContain("Call Trace")
        .doesNotContain("EXT4-fs error")
        .doesNotContain("EXT4-fs warning");
  }

  private static long allocatedBytes() {
    return Long.parseLong(HostProgram.run("stat", "-c", "%b", disk.toString()).trim()) * 512;
  }
}
