package io.jdrbd.state.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.18.2. */
class QuorumTest {
  private static final long EVERYBODY = 0xffff_ffffL;

  /**
   * The examples: this node is Primary with an UpToDate disk and had quorum; peers are "up" (a
   * connected UpToDate disk), "lost", "outdated", "out" (lost and no member any more), "diskless",
   * "diskless-lost" and "diskless-out" (by intent).
   */
  @ParameterizedTest
  @CsvSource({
    "up lost, MAJORITY, true, '2 of 3 nodes visible, need 2'",
    "lost lost, MAJORITY, false, '1 of 3 nodes visible, need 2 for quorum'",
    "outdated outdated, MAJORITY, true, '1 of 1 nodes visible, need 1'",
    "outdated lost, MAJORITY, false, '1 of 3 nodes visible, need 2 for quorum'",
    "lost diskless, MAJORITY, true, 'kept by 1 diskless nodes'",
    "lost diskless-lost, MAJORITY, false, '1 of 2 nodes visible, need 2 for quorum'",
    "outdated diskless-lost, MAJORITY, true, '1 of 1 nodes visible, need 1'",
    "lost, MAJORITY, false, '1 of 2 nodes visible, need 2 for quorum'",
    "up, ALL, true, '2 of 2 nodes visible, need 2'",
    "up lost, ALL, false, '2 of 3 nodes visible, need 3 for quorum'",
    "lost lost, OFF, true, '1 of 3 nodes visible, need 0'",
    "up up out out, MAJORITY, true, '3 of 3 nodes visible, need 2'",
    "up out out out, MAJORITY, false, '2 of 5 nodes visible, need 3 for quorum'",
  })
  void counts(String peers, String need, boolean present, String reason) {
    Quorum quorum = Quorum.compute(resource(peers, need), 0, true);
    assertThat(quorum.present()).isEqualTo(present);
    assertThat(quorum.reason()).isEqualTo(reason);
  }

  /** The diskless node keeps quorum, but does not give it back. */
  @ParameterizedTest
  @CsvSource({"true, true", "false, false"})
  void keepsByATiebreaker(boolean before, boolean after) {
    assertThat(Quorum.compute(resource("lost diskless", "MAJORITY"), 0, before).present())
        .isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource({"up present, false", "up up, true"})
  void wantsUpToDateCopies(String peers, boolean present) {
    ResourceSnapshot resource = resource(peers, "MAJORITY");
    ResourceSnapshot redundant =
        resource.withSettings(resource.settings().withMinimumRedundancy(new QuorumNeed.All()));
    assertThat(Quorum.compute(redundant, 0, true).present()).isEqualTo(present);
  }

  /** Without a disk a node believes an UpToDate peer that has quorum. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void believesAQuoratePeer(boolean quorate) {
    ResourceSnapshot resource =
        resource("up lost lost lost", "MAJORITY")
            .changeVolume(
                0,
                v -> v.withDisk(DiskState.DISKLESS).withFacts(v.facts().withDisklessByIntent(true)))
            .changeDevice(1, 0, d -> d.withFacts(d.facts().withQuorate(quorate)));
    assertThat(Quorum.compute(resource, 0, true).present()).isEqualTo(quorate);
  }

  private static ResourceSnapshot resource(String peers, String need) {
    ResourceSettings settings = ResourceSettings.defaults(0).withQuorum(need(need));
    ResourceSnapshot resource =
        ResourceSnapshot.of(settings)
            .withRole(Role.PRIMARY)
            .withMembers(EVERYBODY)
            .withVolume(VolumeSnapshot.diskless(0).withDisk(DiskState.UP_TO_DATE));
    int node = 0;
    for (String peer : List.of(peers.split(" ", -1))) {
      node++;
      resource = withPeer(resource, node, peer);
    }
    return resource;
  }

  private static ResourceSnapshot withPeer(ResourceSnapshot resource, int node, String peer) {
    boolean diskless = peer.startsWith("diskless");
    boolean connected = peer.equals("up") || peer.equals("present") || peer.equals("diskless");
    DiskState disk =
        switch (peer) {
          case "up" -> DiskState.UP_TO_DATE;
          case "present" -> DiskState.INCONSISTENT;
          case "outdated" -> DiskState.OUTDATED;
          case "diskless" -> DiskState.DISKLESS;
          default -> DiskState.D_UNKNOWN;
        };
    PeerDeviceSnapshot device =
        PeerDeviceSnapshot.unknown(0)
            .withDisk(disk)
            .withReplication(connected ? ReplicationState.ESTABLISHED : ReplicationState.OFF)
            .withFacts(PeerDeviceFacts.DEFAULT.withBitmap(!diskless));
    ConnectionSnapshot connection =
        ConnectionSnapshot.standAlone(node)
            .withState(connected ? ConnectionState.CONNECTED : ConnectionState.CONNECTING)
            .withDevice(device);
    SlotMarks slot = diskless ? SlotMarks.NONE.withExists(true) : SlotMarks.BITMAP;
    long gone = peer.equals("out") ? 1L << node : 0;
    return resource
        .withMembers(resource.members() & ~gone)
        .withConnection(connection)
        .changeVolume(0, v -> v.withSlot(node, slot));
  }

  private static QuorumNeed need(String need) {
    return switch (need) {
      case "OFF" -> QuorumNeed.OFF;
      case "ALL" -> new QuorumNeed.All();
      case "MAJORITY" -> new QuorumNeed.Majority();
      default -> new QuorumNeed.Fixed(Integer.parseInt(need));
    };
  }
}
