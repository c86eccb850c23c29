package io.jdrbd.state.cluster;

import static io.jdrbd.state.cluster.Snapshots.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.3: what follows from a change by itself. */
class SanitizerTest {

  /** Each row: the state before beside the usual one, what is wanted, and all that changes. */
  @ParameterizedTest(name = "rule {0}: {2} after {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a   | n1.peer=Primary | n1.conn=TearDown | node 1: conn( Connected -> TearDown ) peer("
            + " Primary -> Unknown ); volume 0 node 1: pdsk( UpToDate -> DUnknown ) repl("
            + " Established -> Off )",
        "4   | v0.n1.pdsk=Inconsistent | n1.conn=NetworkFailure | node 1: conn( Connected ->"
            + " NetworkFailure ) peer( Secondary -> Unknown ); volume 0 node 1: repl( Established"
            + " -> Off )",
        "4   | v0.n1.pdsk=Outdated | n1.conn=NetworkFailure | node 1: conn( Connected ->"
            + " NetworkFailure ) peer( Secondary -> Unknown ); volume 0 node 1: repl( Established"
            + " -> Off )",
        "4   | v0.n1.pdsk=Diskless | n1.conn=NetworkFailure | node 1: conn( Connected ->"
            + " NetworkFailure ) peer( Secondary -> Unknown ); volume 0 node 1: pdsk( Diskless ->"
            + " DUnknown ) repl( Established -> Off )",
        "4   | v0.n1.pdsk=Consistent | n1.conn=NetworkFailure | node 1: conn( Connected ->"
            + " NetworkFailure ) peer( Secondary -> Unknown ); volume 0 node 1: pdsk( Consistent ->"
            + " DUnknown ) repl( Established -> Off )",
        "7   | v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent | v0.disk=Failed | volume 0: disk("
            + " UpToDate -> Failed ); volume 0 node 1: repl( SyncSource -> Established )",
        "7   | v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent | v0.n1.pdsk=Failed | volume 0 node 1:"
            + " pdsk( Inconsistent -> Failed ) repl( SyncSource -> Established )",
        "7   | v0.n1.repl=VerifyS | v0.disk=Diskless | volume 0: disk( UpToDate -> Diskless );"
            + " volume 0 node 1: repl( VerifyS -> Established )",
        "9   | v0.n1.repl=SyncTarget v0.disk=Inconsistent | v0.n1.pause=user | volume 0 node 1:"
            + " repl( SyncTarget -> PausedSyncT ) resync-susp( no -> user )",
        "9   | v0.n1.repl=PausedSyncT v0.disk=Inconsistent v0.n1.pause=peer | v0.n1.pause=no |"
            + " volume 0 node 1: repl( PausedSyncT -> SyncTarget ) resync-susp( peer -> no )",
        "10  | v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent | v0.n1.pause=peer | volume 0 node 1:"
            + " repl( SyncSource -> PausedSyncS ) resync-susp( no -> peer )",
        "10  | v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent | v0.disk=Inconsistent | volume 0:"
            + " disk( UpToDate -> Inconsistent ); volume 0 node 1: repl( SyncSource -> PausedSyncS"
            + " ) resync-susp( no -> disk inconsistent )",
        "13  |  | v0.n1.repl=WFBitMapT | volume 0: disk( UpToDate -> Outdated ); volume 0 node 1:"
            + " repl( Established -> WFBitMapT )",
        "13  |  | v0.n1.repl=WFBitMapS | volume 0 node 1: pdsk( UpToDate -> Consistent ) repl("
            + " Established -> WFBitMapS )",
        "13  | v0.disk=Outdated v0.n1.repl=WFBitMapT | v0.n1.repl=SyncTarget | volume 0: disk("
            + " Outdated -> Inconsistent ); volume 0 node 1: repl( WFBitMapT -> SyncTarget )",
        "13  | v0.n1.pdsk=Consistent v0.n1.repl=WFBitMapS | v0.n1.repl=SyncSource | volume 0 node"
            + " 1: pdsk( Consistent -> Inconsistent ) repl( WFBitMapS -> SyncSource )",
        "13  |  | v0.n1.repl=Ahead | volume 0 node 1: pdsk( UpToDate -> Consistent ) repl("
            + " Established -> Ahead )",
        "13  |  | v0.n1.repl=Behind | volume 0: disk( UpToDate -> Outdated ); volume 0 node 1:"
            + " repl( Established -> Behind )",
        "14  | v0.n1.pdsk=Diskless | v0.n1.pdsk=Failed v0.n1.pause=user | volume 0 node 1:"
            + " resync-susp( no -> user )",
        "15  | v0.disk=Outdated v0.n1.pdsk=DUnknown v0.n1.repl=Off | v0.n1.repl=Established"
            + " v0.n1.pdsk=UpToDate | volume 0: disk( Outdated -> UpToDate ); volume 0 node 1:"
            + " pdsk( DUnknown -> UpToDate ) repl( Off -> Established )",
        "15  | v0.disk=Outdated v0.n1.pdsk=Outdated | v0.n1.pdsk=UpToDate | volume 0: disk("
            + " Outdated -> UpToDate ); volume 0 node 1: pdsk( Outdated -> UpToDate )",
        "15  | v0.disk=Outdated | v0.n1.got-stable=true | volume 0: disk( Outdated -> UpToDate )",
        "17  | v0.disk=Consistent v0.n1.repl=Off v0.n1.pdsk=DUnknown | v0.n1.repl=Established"
            + " v0.n1.pdsk=Inconsistent | volume 0: disk( Consistent -> UpToDate ); volume 0 node"
            + " 1: pdsk( DUnknown -> Inconsistent ) repl( Off -> Established )",
        "18  | v0.disk=Consistent v0.n1.pdsk=Consistent | v0.n1.pdsk=UpToDate | volume 0: disk("
            + " Consistent -> UpToDate ); volume 0 node 1: pdsk( Consistent -> UpToDate )",
        "19  | v0.n1.repl=Off v0.n1.pdsk=DUnknown v0.n1.same-uuid=false | v0.n1.repl=Established"
            + " v0.n1.pdsk=Diskless n1.peer=Primary | node 1: peer( Secondary -> Primary ); volume"
            + " 0: disk( UpToDate -> Consistent ); volume 0 node 1: pdsk( DUnknown -> Diskless )"
            + " repl( Off -> Established )",
        "19  | v0.disk=Consistent v0.n1.repl=Off v0.n1.pdsk=DUnknown | v0.n1.repl=Established"
            + " v0.n1.pdsk=Diskless n1.peer=Primary | node 1: peer( Secondary -> Primary ); volume"
            + " 0: disk( Consistent -> UpToDate ); volume 0 node 1: pdsk( DUnknown -> Diskless )"
            + " repl( Off -> Established )",
        "20  | v0.disk=Diskless v0.uuid-exposed=true v0.n1.same-uuid=false v0.n1.pdsk=Consistent |"
            + " v0.n1.pdsk=UpToDate v0.n1.pause=peer | volume 0 node 1: resync-susp( no -> peer )",
        "24  | n1.peer=Primary | n1.conn=NetworkFailure | node 1: conn( Connected -> NetworkFailure"
            + " ) peer( Primary -> Unknown ); volume 0: disk( UpToDate -> Consistent ); volume 0"
            + " node 1: pdsk( UpToDate -> DUnknown ) repl( Established -> Off )",
        "24  | n1.peer=Primary | n1.conn=Disconnecting | node 1: conn( Connected -> Disconnecting )"
            + " peer( Primary -> Unknown ); volume 0: disk( UpToDate -> Consistent ); volume 0 node"
            + " 1: pdsk( UpToDate -> DUnknown ) repl( Established -> Off )",
        "24  | n1.peer=Primary resource.role=Primary | n1.conn=NetworkFailure | node 1: conn("
            + " Connected -> NetworkFailure ) peer( Primary -> Unknown ); volume 0 node 1: pdsk("
            + " UpToDate -> DUnknown ) repl( Established -> Off )",
      })
  void resolves(String rule, String before, String wanted, String after) {
    ResourceSnapshot now = with(Snapshots.connected9(), before == null ? "" : before);
    assertThat(Snapshots.lines(now, with(now, wanted), ChangeKind.HARD))
        .containsExactly(after.strip().split("; ", -1));
  }

  /** Rule 12: towards 8.4 a connected Consistent disk counts as UpToDate. */
  @Test
  void takesConsistentForUpToDateBesides84() {
    ResourceSnapshot now =
        with(Snapshots.connected84(), "v0.disk=Consistent v0.n1.repl=Off v0.n1.pdsk=DUnknown");
    assertThat(
            Snapshots.lines(
                now, with(now, "v0.n1.repl=Established v0.n1.pdsk=Consistent"), ChangeKind.HARD))
        .containsExactly(
            "volume 0: disk( Consistent -> UpToDate )",
            "volume 0 node 1: pdsk( DUnknown -> UpToDate ) repl( Off -> Established )");
  }

  /** Rule 3. */
  @ParameterizedTest
  @CsvSource({
    "TARGET, Inconsistent, WFBitMapT",
    "SOURCE, UpToDate, WFBitMapS",
    "NO_RESYNC, UpToDate, Established",
    "NO_RESULT, Detaching, Established"
  })
  void leavesNegotiating(AttachResult result, String disk, String replication) {
    ResourceSnapshot now = with(Snapshots.connected9(), "v0.disk=Negotiating");
    ResourceSnapshot next =
        Snapshots.changed(now, with(now, "v0.n1.attach=" + result), ChangeKind.SOFT).after();
    assertThat(next.volume(0).disk().word()).isEqualTo(disk);
    assertThat(next.device(1, 0).replication().word()).isEqualTo(replication);
    assertThat(next.device(1, 0).facts().attachResult()).isEqualTo(AttachResult.OPEN);
  }

  /** Rule 23. */
  @Test
  void leavesNegotiatingWhenTheConnectionIsLost() {
    ResourceSnapshot now = with(Snapshots.connected9(), "v0.disk=Negotiating");
    ResourceSnapshot next =
        Snapshots.changed(now, with(now, "n1.conn=BrokenPipe"), ChangeKind.HARD).after();
    assertThat(next.volume(0).disk()).isEqualTo(DiskState.UP_TO_DATE);
  }

  /** Rule 2: a volume that is worse already is not outdated by a request for all of them. */
  @Test
  void passesOverDisksThatCannotBeOutdated() {
    ResourceSnapshot now = with(Snapshots.connected9(), "v0.disk=Inconsistent");
    ResourceSnapshot next =
        Snapshots.changed(now, with(now, "v0.disk=Outdated n1.conn=TearDown"), ChangeKind.REMOTE)
            .after();
    assertThat(next.volume(0).disk()).isEqualTo(DiskState.INCONSISTENT);
  }

  /** Rule 8, and its end when the peer is fenced. */
  @Test
  void suspendsUntilThePeerIsFenced() {
    ResourceSnapshot now =
        with(Snapshots.connected9(), "resource.role=Primary n1.fencing=RESOURCE_AND_STONITH");
    Outcome.Changed lost =
        Snapshots.changed(now, with(now, "n1.conn=NetworkFailure"), ChangeKind.HARD);
    assertThat(lost.after().isSuspendedByFencing()).isTrue();
    assertThat(lost.effects()).contains(new Effect.SuspendIo(), new Effect.FencePeer(1));
    Outcome.Changed fenced =
        Snapshots.changed(lost.after(), with(lost.after(), "v0.n1.pdsk=Outdated"), ChangeKind.HARD);
    assertThat(fenced.effects()).contains(new Effect.EndFencingSuspension(1, true));
  }

  /** Spec 4.3.1: a state is moved to the nearest one that goes with the replication state. */
  @ParameterizedTest
  @CsvSource({
    "OFF, DISKLESS, UP_TO_DATE, INCONSISTENT, D_UNKNOWN",
    "ESTABLISHED, DISKLESS, UP_TO_DATE, DISKLESS, UP_TO_DATE",
    "WF_BITMAP_T, INCONSISTENT, OUTDATED, INCONSISTENT, UP_TO_DATE",
    "STARTING_SYNC_T, INCONSISTENT, OUTDATED, INCONSISTENT, UP_TO_DATE",
    "WF_SYNC_UUID, INCONSISTENT, OUTDATED, INCONSISTENT, UP_TO_DATE",
    "BEHIND, INCONSISTENT, OUTDATED, INCONSISTENT, UP_TO_DATE",
    "PAUSED_SYNC_T, INCONSISTENT, INCONSISTENT, INCONSISTENT, UP_TO_DATE",
    "SYNC_TARGET, INCONSISTENT, INCONSISTENT, INCONSISTENT, UP_TO_DATE",
    "WF_BITMAP_S, INCONSISTENT, UP_TO_DATE, INCONSISTENT, CONSISTENT",
    "PAUSED_SYNC_S, INCONSISTENT, UP_TO_DATE, INCONSISTENT, CONSISTENT",
    "STARTING_SYNC_S, INCONSISTENT, UP_TO_DATE, INCONSISTENT, CONSISTENT",
    "AHEAD, INCONSISTENT, UP_TO_DATE, INCONSISTENT, CONSISTENT",
    "SYNC_SOURCE, INCONSISTENT, UP_TO_DATE, INCONSISTENT, INCONSISTENT",
    "VERIFY_S, INCONSISTENT, UP_TO_DATE, INCONSISTENT, UP_TO_DATE",
    "VERIFY_T, INCONSISTENT, UP_TO_DATE, INCONSISTENT, UP_TO_DATE"
  })
  void clampsDisks(
      ReplicationState replication,
      DiskState ownMin,
      DiskState ownMax,
      DiskState peerMin,
      DiskState peerMax) {
    assertThat(DiskRange.own(replication)).isEqualTo(new DiskRange(ownMin, ownMax));
    assertThat(DiskRange.peer(replication)).isEqualTo(new DiskRange(peerMin, peerMax));
    assertThat(new DiskRange(ownMin, ownMax).clamp(DiskState.DISKLESS)).isEqualTo(ownMin);
    assertThat(new DiskRange(ownMin, ownMax).clamp(DiskState.UP_TO_DATE)).isEqualTo(ownMax);
  }

  /** Spec 4.3: I/O of a Primary that can reach no data. */
  @ParameterizedTest
  @CsvSource({"true, true", "false, false"})
  void suspendsWithoutData(boolean configured, boolean suspended) {
    ResourceSnapshot now =
        with(
            Snapshots.connected9(),
            "resource.role=Primary n1.conn=StandAlone v0.n1.repl=Off v0.n1.pdsk=DUnknown");
    now = now.withSettings(now.settings().withSuspendsWithoutData(configured));
    ResourceSnapshot lost =
        Snapshots.changed(now, with(now, "v0.disk=Failed"), ChangeKind.HARD).after();
    assertThat(lost.suspension().noData()).isEqualTo(suspended);
  }

  @Test
  void saysWhyThingsChange() {
    ResourceSnapshot now = with(Snapshots.connected9(), "n1.peer=Primary");
    List<String> reasons =
        Snapshots.changed(now, with(now, "n1.conn=NetworkFailure"), ChangeKind.HARD).reasons();
    assertThat(reasons)
        .contains(
            "volume 0: disk Consistent: the Primary is lost, and may have written what is not"
                + " here");
  }
}
