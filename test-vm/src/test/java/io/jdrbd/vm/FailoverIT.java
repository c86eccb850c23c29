package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two whole machines, each with its own jdrbd and {@code /dev/nbd0}: the one on which the file
 * system is mounted is turned off in the midst of writing, and the other goes on with it.
 */
class FailoverIT {
  private static final long DISK_BYTES = 48L << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final String ALPHA = "10.77.0.1";
  private static final String BRAVO = "10.77.0.2";
  private static final String PORT = ":7789";

  private static final String VERIFIED_FILE =
      "fio --name=kept --filename=/mnt/kept --size=8M --rw=randwrite --bsrange=4k-64k"
          + " --direct=1 --ioengine=libaio --iodepth=4 --randseed=7 --verify=crc32c";

  @TempDir Path directory;

  @Test
  void theOtherMachineGoesOnWithEveryByte() throws IOException {
    try (GuestNetwork network = GuestNetwork.create();
        Guest alpha = machine("alpha", network, ALPHA);
        Guest bravo = machine("bravo", network, BRAVO)) {
      CompletableFuture<GuestNode> peer =
          CompletableFuture.supplyAsync(
              () -> GuestNode.replicate(bravo, 1, BRAVO + PORT, ALPHA + PORT));
      GuestNode.replicate(alpha, 0, ALPHA + PORT, BRAVO + PORT);
      peer.join();
      alpha.run(
          "jdrbd wait-connect-resource r0 && jdrbd primary r0 --force"
              + " && jdrbd wait-sync-resource r0",
          PATIENCE);
      assertThat(bravo.run("jdrbd dstate 0", PATIENCE).stdout()).isEqualTo("UpToDate/UpToDate\n");
      alpha.run("mkfs.ext4 -q /dev/nbd0 && mount /dev/nbd0 /mnt", PATIENCE);
      alpha.run(VERIFIED_FILE + " --do_verify=0 --end_fsync=1", PATIENCE);
      alpha.start("while dd if=/dev/urandom of=/mnt/lost bs=64k count=64; do sync; done");
      alpha.await("test -s /mnt/lost", PATIENCE);

      alpha.powerCut();

      bravo.run("until jdrbd primary r0; do sleep 0.5; done", PATIENCE);
      bravo.run("mount /dev/nbd0 /mnt", PATIENCE);
      bravo.run(VERIFIED_FILE + " --verify_only --verify_fatal=1", PATIENCE);
      bravo.run("umount /mnt && fsck.ext4 -f -n /dev/nbd0", PATIENCE);
      assertThat(bravo.kernelLog()).doesNotContain("I/O error").doesNotContain("EXT4-fs error");
    }
  }

  private Guest machine(String name, GuestNetwork network, String address) throws IOException {
    return Guest.named(name)
        .memoryMib(512)
        .module("nbd")
        .jdrbd()
        .network(network, address + "/24")
        .disk("data", DiskImage.create(directory.resolve(name + ".raw"), DISK_BYTES))
        .start();
  }
}
