package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * A jdrbd and a kernel's DRBD 8.4 that lose each other and meet again: only what differs is sent.
 */
@WithSharedKernel
class KernelReconnectIT {
  /**
   * What a kernel says of a peer whose process, and so whose sockets, are gone at once; they are
   * reset if something had arrived that the process had not read.
   */
  private static final String[] CLOSED_BY_PEER = {
    "sock was shut down by peer",
    "short read (expected size",
    "BrokenPipe",
    "NetworkFailure",
    "sock_recvmsg returned -104",
    "sock_sendmsg returned -104",
    "sock_sendmsg returned -32"
  };

  private static final String[] NOTHING_SENT = {"sock_sendmsg time expired"};

  /** What a kernel says of a peer with another protocol. */
  private static final String[] OTHER_PROTOCOL = {
    "incompatible protocol settings",
    "error receiving ReportProtocol",
    "conn( WFReportParams -> Disconnecting )"
  };

  /** A peer that is gone is noticed within seconds. */
  private static final String IMPATIENT = "--ping-int=3 --connect-int=3 --timeout=20";

  private final KernelPair machines;

  @TempDir private Path directory;
  private KernelPeer kernel;
  private HostPeer jdrbd;

  KernelReconnectIT(KernelPair machines) {
    this.machines = machines;
  }

  /** Both know that their empty disks are equal, as after new-current-uuid on a new pair. */
  @BeforeEach
  void connectWithoutSync(TestInfo test) {
    kernel = machines.kernel(test.getDisplayName());
    jdrbd = machines.jdrbd(directory, IMPATIENT.split(" "));
    kernel.connect("--protocol=C " + IMPATIENT);
    jdrbd.connect();
    kernel.await("cs:Connected ro:Secondary/Secondary ds:Inconsistent/Inconsistent");
    kernel.setup("new-current-uuid 0 --clear-bitmap");
    jdrbd.await("cs:Established ro:Secondary/Secondary ds:UpToDate/UpToDate oos:0");
  }

  @AfterEach
  void destroy() {
    jdrbd.close();
    kernel.destroy();
  }

  @Test
  void whatWasWrittenAfterAGracefulDisconnectIsResynced() {
    jdrbd.run("primary", "r0");
    jdrbd.io("write -P 1 0 1M");
    jdrbd.run("disconnect", "r0", "0");
    kernel.await("cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown");
    jdrbd.io("write -P 2 512k 64k", "write -P 3 8M 4k", "discard 12M 64k", "flush");
    jdrbd.connect();
    awaitSynced("Secondary", "Primary");
    assertThat(kernel.log())
        .contains("Began resync as SyncTarget (will sync 132 KB [33 bits set])");

    kernel.disconnect();
    jdrbd.await("cs:Connecting ro:Primary/Unknown");
    jdrbd.io("write -P 4 9M 12k");
    jdrbd.run("secondary", "r0");
    kernel.connect("--protocol=A " + IMPATIENT);
    jdrbd.await("cs:StandAlone");
    kernel.awaitRefusal();
    kernel.connect("--protocol=C " + IMPATIENT);
    jdrbd.connect();
    awaitSynced("Secondary", "Secondary");
    assertThat(kernel.log()).contains("Began resync as SyncTarget (will sync 12 KB [3 bits set])");

    kernel.setup("primary 0");
    kernel.disconnect();
    kernel.run(
        "dd if=/dev/zero of=%s bs=8k seek=700 count=5 oflag=direct".formatted(KernelPeer.DEVICE));
    kernel.connect("--protocol=C " + IMPATIENT);
    awaitSynced("Primary", "Secondary");
    assertThat(kernel.log()).contains("Began resync as SyncSource (will sync 40 KB [10 bits set])");
    kernel.setup("secondary 0");
    part(OTHER_PROTOCOL, CLOSED_BY_PEER);
  }

  @Test
  void aPrimaryGoesOnWhenTheCableIsPulled() {
    jdrbd.run("primary", "r0");
    jdrbd.io("write -P 1 0 1M");
    machines.cable(false);
    jdrbd.io("write -P 2 1M 64k", "write -P 3 15M 4k");
    jdrbd.await("cs:(Unconnected|Connecting) ro:Primary/Unknown ds:UpToDate/DUnknown");
    kernel.await("cs:WFConnection ro:Secondary/Unknown");
    machines.cable(true);
    awaitSynced("Secondary", "Primary");
    jdrbd.io("write -P 4 2M 64k", "flush");
    jdrbd.run("secondary", "r0");

    kernel.setup("primary 0");
    machines.cable(false);
    kernel.write(3, 5);
    kernel.await("cs:WFConnection ro:Primary/Unknown");
    jdrbd.await("cs:(Unconnected|Connecting) ro:Secondary/Unknown");
    machines.cable(true);
    awaitSynced("Primary", "Secondary");
    kernel.setup("secondary 0");
    part(NOTHING_SENT);
  }

  @Test
  void aDaemonThatIsKilledComesBack() {
    kernel.setup("primary 0");
    jdrbd.kill();
    kernel.await("cs:WFConnection ro:Primary/Unknown ds:UpToDate/DUnknown");
    kernel.write(9, 5);
    jdrbd.restart();
    awaitSynced("Primary", "Secondary");
    kernel.setup("secondary 0");

    jdrbd.run("primary", "r0");
    jdrbd.io("write -P 7 3M 1M");
    jdrbd.kill();
    kernel.await("cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown");
    jdrbd.restart();
    awaitSynced("Secondary", "Secondary");
    kernel.disconnect();
    jdrbd.run("down", "r0");
    machines.assertEqualDisks();
    machines.assertNothingOdd(kernel.log(), CLOSED_BY_PEER);
  }

  /** What it writes is on jdrbd's disk only, and has to be marked there. */
  @Test
  void aPrimaryThatHasLostItsDiskReadsAndWritesHere() {
    kernel.setup("primary 0");
    fill("k", 0);
    kernel.setup("detach 0");
    jdrbd.await("cs:Established ro:Secondary/Primary ds:UpToDate/Diskless");
    fill("n", 20);
    assertThat(read(0)).isEqualTo("k");
    assertThat(read(20)).isEqualTo("n");
    jdrbd.await("oos:64");
    kernel.attach();
    awaitSynced("Primary", "Secondary");
    assertThat(kernel.log()).contains("Began resync as SyncTarget (will sync 4096 KB ");
    assertThat(read(0) + read(20)).isEqualTo("kn");
    kernel.setup("secondary 0");
    part();
  }

  /** Writes 64 KiB of a letter from a multiple of 64 KiB on. */
  private void fill(String letter, int place) {
    kernel.run(
        "dd if=/dev/zero bs=64k count=1 | tr '\\0' %s | dd of=%s bs=64k iflag=fullblock oflag=direct seek=%d"
            .formatted(letter, KernelPeer.DEVICE, place));
  }

  /** The letters that are found there. */
  private String read(int place) {
    return kernel.run(
        "dd if=%s bs=64k iflag=direct skip=%d count=1 | tr -s 'a-z'"
            .formatted(KernelPeer.DEVICE, place));
  }

  @Test
  void theKernelDetachesAndAttachesWhileConnected() {
    jdrbd.run("primary", "r0");
    jdrbd.io("write -P 1 0 1M");
    kernel.setup("detach 0");
    jdrbd.await("cs:Established ro:Primary/Secondary ds:UpToDate/Diskless");
    jdrbd.io("write -P 2 2M 64k", "read -P 1 0 1M");
    kernel.attach();
    awaitSynced("Secondary", "Primary");
    jdrbd.run("secondary", "r0");
    part();
  }

  /** The survivor goes on; the other gets that, and what it may have written itself at the end. */
  @Test
  void thePrimarysMachineDiesAndComesBack() {
    kernel.setup("primary 0");
    kernel.run(
        "dd if=/dev/zero bs=64k count=5 | tr '\\0' k | dd of=%s bs=64k iflag=fullblock oflag=direct"
            .formatted(KernelPeer.DEVICE));
    machines.powerCut();
    jdrbd.await("cs:Connecting ro:Secondary/Unknown ds:UpToDate/.*");
    jdrbd.run("primary", "r0");
    jdrbd.io("read -P 0x6b 0 320k", "write -P 3 8M 8k", "flush");

    kernel = machines.bootAgain();
    kernel.configure();
    kernel.connect("--protocol=C " + IMPATIENT);
    awaitSynced("Secondary", "Primary");
    assertThat(kernel.log())
        .contains("Began resync as SyncTarget (will sync 4104 KB [1026 bits set])");
    jdrbd.run("secondary", "r0");
    part();
  }

  private void awaitSynced(String kernelRole, String jdrbdRole) {
    jdrbd.awaitSynced(kernel, kernelRole, jdrbdRole);
  }

  /**
   * Parts in order; then the disks must be equal, and the kernel's log without surprise.
   *
   * @param allowed what it may say besides
   */
  private void part(String[]... allowed) {
    jdrbd.run("down", "r0");
    kernel.await("cs:WFConnection");
    machines.assertEqualDisks();
    machines.assertNothingOdd(
        kernel.log(), Stream.of(allowed).flatMap(Stream::of).toArray(String[]::new));
  }
}
