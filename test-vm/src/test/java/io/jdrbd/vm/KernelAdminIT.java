package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What people ask of a pair of jdrbd and a kernel's DRBD 8.4 that is connected and in sync. */
@WithSharedKernel
class KernelAdminIT {
  private static final String[] NET = {"--verify-alg=md5"};

  /** What a kernel says of differences, which it should never say otherwise. */
  private static final String[] DIFFERENCES = {
    "Out of sync: start=", "block out of sync!", "/sbin/drbdadm out-of-sync minor-"
  };

  /** Of a resync that waits from its beginning on, which was not recorded. */
  private static final String[] PAUSED = {
    "conn( StartingSyncS -> PausedSyncS )",
    "Began resync as PausedSyncS ",
    "pdsk( Inconsistent -> Consistent )"
  };

  /** A peer that falls behind tells so, as DRBD 9 does and 8.4 does not. */
  private static final String[] BEHIND = {
    "pdsk( Consistent -> Outdated )", "pdsk( Outdated -> Inconsistent )"
  };

  private final KernelPair machines;

  @TempDir private Path directory;
  private KernelPeer kernel;
  private HostPeer jdrbd;

  KernelAdminIT(KernelPair machines) {
    this.machines = machines;
  }

  @BeforeEach
  void connectWithoutSync(TestInfo test) {
    kernel = machines.kernel(test.getDisplayName());
    jdrbd = machines.jdrbd(directory, NET);
    kernel.connect("--protocol=C " + String.join(" ", NET));
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
  void jdrbdDetachesAndAttachesInEitherRole() {
    jdrbd.run("primary", "r0");
    jdrbd.io("write -P 1 0 1M");
    jdrbd.run("detach", "10");
    kernel.await("cs:Connected ro:Secondary/Primary ds:UpToDate/Diskless");
    jdrbd.io("read -P 1 0 1M", "write -P 2 2M 64k", "read -P 2 2M 64k");
    jdrbd.attach();
    awaitSynced("Secondary", "Primary");
    jdrbd.io("read -P 2 2M 64k");
    jdrbd.run("secondary", "r0");

    kernel.setup("primary 0");
    jdrbd.run("detach", "10");
    kernel.await("cs:Connected ro:Primary/Secondary ds:UpToDate/Diskless");
    kernel.write(3, 5);
    jdrbd.attach();
    awaitSynced("Primary", "Secondary");
    kernel.setup("secondary 0");
    part();
  }

  @Test
  void eitherSideMayVerifyAndFindsTheSame() {
    machines.spoil(5 << 20, 4096);
    jdrbd.run("primary", "r0");
    assertThat(jdrbd.refused("verify", "r0", "0", "0", "--json"))
        .contains("\"out-of-sync\":[{\"start-sector\":10240,\"sectors\":8}]");
    kernel.await("oos:4");
    assertThat(kernel.log()).contains("Out of sync: start=10240, size=8 (sectors)");
    jdrbd.run("disconnect", "r0", "0");
    jdrbd.connect();
    awaitSynced("Secondary", "Primary");
    jdrbd.run("verify", "r0", "0", "0", "--wait");
    jdrbd.run("secondary", "r0");

    machines.spoil(9 << 20, 8192);
    kernel.setup("primary 0");
    kernel.setup("verify 0");
    kernel.await("oos:8");
    kernel.await("cs:Connected ");
    jdrbd.await("cs:Established .* oos:8");
    kernel.disconnect();
    kernel.connect("--protocol=C " + String.join(" ", NET));
    awaitSynced("Primary", "Secondary");
    kernel.setup("secondary 0");
    part(DIFFERENCES);
  }

  @Test
  void eitherSideMayThrowItsDataAwayAndLetThatWait() {
    machines.spoil(7 << 20, 4096);
    jdrbd.run("pause-sync", "r0", "0", "0");
    jdrbd.run("invalidate", "10");
    kernel.await("cs:PausedSyncS ro:Secondary/Secondary ds:UpToDate/Inconsistent");
    jdrbd.run("resume-sync", "r0", "0", "0");
    awaitSynced("Secondary", "Secondary");

    jdrbd.run("invalidate-remote", "r0", "0", "0");
    awaitSynced("Secondary", "Secondary");
    kernel.setup("invalidate 0");
    awaitSynced("Secondary", "Secondary");
    kernel.setup("pause-sync 0");
    kernel.setup("invalidate-remote 0");
    jdrbd.await("cs:PausedSyncT ro:Secondary/Secondary ds:Inconsistent/UpToDate");
    kernel.setup("resume-sync 0");
    awaitSynced("Secondary", "Secondary");
    part(PAUSED);
  }

  /** A Primary that writes faster than it can send marks what it does not send, and resyncs it. */
  @Test
  void aKernelThatPullsAheadIsFollowed() {
    kernel.disconnect();
    jdrbd.run("net-options", "r0", "0", "--protocol=A");
    kernel.connect(
        "--protocol=A --on-congestion=pull-ahead --congestion-fill=64k --sndbuf-size=64k "
            + String.join(" ", NET));
    awaitSynced("Secondary", "Secondary");
    kernel.setup("primary 0");
    kernel.write(16, 128);
    awaitSynced("Primary", "Secondary");
    assertThat(kernel.log()).contains("conn( Connected -> Ahead )", "conn( Ahead -> SyncSource )");
    kernel.setup("secondary 0");
    part(BEHIND);
  }

  private void awaitSynced(String kernelRole, String jdrbdRole) {
    jdrbd.awaitSynced(kernel, kernelRole, jdrbdRole);
  }

  /**
   * Parts in order; then the disks must be equal, and the kernel's log without surprise.
   *
   * @param allowed what it may say besides
   */
  private void part(String... allowed) {
    jdrbd.run("down", "r0");
    kernel.await("cs:WFConnection");
    machines.assertEqualDisks();
    machines.assertNothingOdd(kernel.log(), allowed);
  }
}
