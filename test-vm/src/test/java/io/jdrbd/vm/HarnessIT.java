package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The harness keeps its own promises. */
class HarnessIT {

  @TempDir Path directory;

  @Test
  void commandsHaveOutputExitCodesAndABoundInTime() {
    try (Guest guest = Guest.named("alpha").module("nbd").disk("data", 32L << 20).start()) {
      CommandResult result = guest.attempt("echo out; echo err >&2; exit 7");
      assertThat(result).isEqualTo(new CommandResult(7, "out\n", "err\n"));
      assertThat(guest.attempt("kill -9 $$").exitCode()).isEqualTo(128 + 9);
      assertThatThrownBy(() -> guest.run("echo why >&2; false"))
          .isInstanceOf(GuestException.class)
          .hasMessageContaining("exit code 1")
          .hasMessageContaining("why")
          .hasMessageContaining("guest-init: ready");

      GuestProcess endless = guest.start("echo begun; sleep 1000");
      assertThatThrownBy(() -> endless.await(Duration.ofSeconds(1)))
          .isInstanceOf(GuestException.class)
          .hasMessageContaining("did not end within 1 s")
          .hasMessageContaining("begun");
      guest.await("! pidof sleep", Duration.ofSeconds(10));

      guest.put("/tmp/a/file", "text with 'quotes' and $signs");
      assertThat(guest.get("/tmp/a/file")).isEqualTo("text with 'quotes' and $signs");
      assertThat(guest.run("blockdev --getsize64 /dev/disk/data").stdout()).isEqualTo("33554432\n");
      assertThat(guest.run("cat /sys/block/nbd0/size").stdout()).isEqualTo("0\n");
      assertThat(guest.run("seq 200000 | tee /dev/stderr").stderr()).hasLineCount(200_000);

      guest.run("echo 'from the test' > /dev/kmsg");
      assertThat(guest.kernelLog()).contains("from the test");
    }
  }

  @Test
  void aPowerCutLosesWhatWasNotWrittenAndKeepsWhatWas() throws IOException {
    Path disk = Files.createFile(directory.resolve("disk.raw"));
    Files.write(disk, new byte[32 << 20]);
    try (Guest guest = Guest.named("alpha").disk("data", disk).start()) {
      guest.run("mkfs.ext4 -q /dev/disk/data && mount /dev/disk/data /mnt");
      guest.run("echo kept > /mnt/kept && sync && echo lost > /mnt/lost");
      guest.powerCut();
      assertThat(guest.isRunning()).isFalse();
      assertThatThrownBy(() -> guest.run("true")).hasMessageContaining("the guest was lost");
    }
    try (Guest guest = Guest.named("alpha").disk("data", disk).start()) {
      guest.run("fsck.ext4 -p /dev/disk/data || [ $? = 1 ]; mount /dev/disk/data /mnt");
      assertThat(guest.run("ls /mnt").stdout()).contains("kept").doesNotContain("\nlost\n");
      guest.powerOff();
      assertThat(guest.isRunning()).isFalse();
      assertThat(guest.console()).contains("reboot: Power down");
    }
  }

  @Test
  void guestsReachEachOtherUntilTheCableIsCut() {
    try (GuestNetwork network = GuestNetwork.create();
        Guest alpha = Guest.named("alpha").network(network, "10.77.0.1/24").module("drbd").start();
        Guest bravo = Guest.named("bravo").network(network, "10.77.0.2/24").start()) {
      assertThat(alpha.get("/proc/drbd")).contains("version: 8.4.11");
      bravo.start("tail -f /dev/null | nc -l -p 7789 > /tmp/received");
      bravo.await("netstat -ltn | grep :7789", Duration.ofSeconds(10));
      alpha.run("seq 50000 | nc 10.77.0.2 7789");
      bravo.await("[ $(wc -l < /tmp/received) = 50000 ]", Duration.ofSeconds(20));

      network.cut();
      assertThat(alpha.attempt("ping -c 1 -W 1 10.77.0.2").succeeded()).isFalse();
      network.mend();
      alpha.run("ping -c 1 -W 5 10.77.0.2");
    }
  }

  @Test
  void thisBuildsJdrbdRunsInAGuest() {
    try (Guest guest = Guest.named("alpha").memoryMib(512).jdrbd().start()) {
      assertThat(guest.run("jdrbd --version", Duration.ofMinutes(2)).stdout()).startsWith("jdrbd ");
    }
  }

  @Test
  void aGuestThatPanicsIsReportedWithItsConsole() {
    try (Guest guest = Guest.named("alpha").start()) {
      assertThatThrownBy(() -> guest.run("echo c > /proc/sysrq-trigger; sleep 30"))
          .isInstanceOf(GuestException.class)
          .hasMessageContaining("the guest was lost")
          .hasMessageContaining("Kernel panic");
    }
  }
}
