package io.jdrbd.state.cluster;

import static io.jdrbd.state.cluster.Snapshots.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.cluster.Commit.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.12 steps 10 and 11, 4.17, and the timelines of 4.24: this is node 0, the peer node 1. */
class CommitTest {

  /** A Primary that a node does not see any more outdates it; the mask need not say so. */
  @ParameterizedTest(name = "{0}, primaries {1}, incapable {2}, {3}: {4}")
  @CsvSource({
    "OWN_CONNECTION, 2, false, n1.conn=TearDown, OUTDATED",
    "OWN_CONNECTION, 2, true, n1.conn=TearDown, OUTDATED",
    "OWN_CONNECTION, 0, false, n1.conn=TearDown, UP_TO_DATE",
    "OWN_CONNECTION, 1, false, n1.conn=TearDown, UP_TO_DATE",
    "NEIGHBOUR, 2, false, n1.peer=Primary, UP_TO_DATE",
    "FAR_AWAY, 4, false, n1.peer=Secondary, OUTDATED",
    "FAR_AWAY, 4, true, n1.peer=Secondary, UP_TO_DATE",
    "FAR_AWAY, 2, false, n1.peer=Primary, UP_TO_DATE",
    "EMPTY, 4, false, n1.peer=Secondary, OUTDATED"
  })
  void outdates(Kind kind, long primaryNodes, boolean incapable, String wanted, DiskState disk) {
    ResourceSnapshot now = Snapshots.connected9();
    Commit commit = new Commit(kind, primaryNodes, 3, incapable);
    assertThat(commit.atParticipant(now, with(now, wanted)).volume(0).disk()).isEqualTo(disk);
  }

  /** A Secondary that disconnects from a Primary: it is StandAlone and Outdated (spec 4.24.4). */
  @Test
  void outdatesTheNodeThatLeavesThePrimary() {
    ResourceSnapshot now = with(Snapshots.connected9(), "n1.peer=Primary");
    Commit commit = new Commit(Kind.OWN_CONNECTION, 2, 1, false);
    ResourceSnapshot wanted = commit.atInitiator(now, Wishes.disconnect(now, 1));
    ResourceSnapshot after = Snapshots.changed(now, wanted, ChangeKind.SOFT).after();
    assertThat(StateText.lines(now, after))
        .containsExactly(
            "node 1: conn( Connected -> Disconnecting ) peer( Primary -> Unknown )",
            "volume 0: disk( UpToDate -> Outdated )",
            "volume 0 node 1: pdsk( UpToDate -> DUnknown ) repl( Established -> Off )");
    assertThat(after.members()).isEqualTo(1);
  }

  /** After the loss of a Primary the survivors find that nobody has newer data. */
  @ParameterizedTest
  @CsvSource({"0, UP_TO_DATE", "4, OUTDATED"})
  void decidesAboutConsistentData(long primaryNodes, DiskState disk) {
    ResourceSnapshot now = with(Snapshots.connected9(), "v0.disk=Consistent v0.n1.pdsk=Consistent");
    Commit commit = new Commit(Kind.EMPTY, primaryNodes, 3, false);
    assertThat(commit.atInitiator(now, now).volume(0).disk()).isEqualTo(disk);
  }

  /** Node 1 is not connected, but others reach it: it hears of this Primary and is outdated. */
  @Test
  void takesUnseenPeersForOutdatedWhenPromoted() {
    ResourceSnapshot now =
        with(Snapshots.connected9(), "n1.conn=Connecting v0.n1.repl=Off v0.n1.pdsk=DUnknown");
    Commit commit = new Commit(Kind.NEIGHBOUR, 1, 7, false);
    ResourceSnapshot after = commit.atInitiator(now, with(now, "resource.role=Primary"));
    assertThat(after.device(1, 0).disk()).isEqualTo(DiskState.OUTDATED);
    Commit alone = new Commit(Kind.NEIGHBOUR, 1, 5, false);
    assertThat(alone.atInitiator(now, with(now, "resource.role=Primary")).device(1, 0).disk())
        .isEqualTo(DiskState.D_UNKNOWN);
  }

  /** Who the members are is believed only if somebody has quorum. */
  @ParameterizedTest
  @CsvSource({"true, false, 3", "false, true, 3", "false, false, 7"})
  void believesMembersOfAQuorum(boolean own, boolean peer, long members) {
    ResourceSnapshot now =
        Snapshots.connected9()
            .withMembers(7)
            .changeVolume(0, v -> v.withQuorum(v.quorum().withEnforced(own)))
            .changeDevice(1, 0, d -> d.withFacts(d.facts().withQuorate(peer)));
    Commit commit = new Commit(Kind.NEIGHBOUR, 0, 3, false);
    assertThat(commit.atParticipant(now, now).members()).isEqualTo(members);
  }
}
