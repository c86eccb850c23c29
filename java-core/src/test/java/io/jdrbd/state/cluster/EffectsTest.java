package io.jdrbd.state.cluster;

import static io.jdrbd.state.cluster.Snapshots.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.5 and 4.6: what is to be done after a change, in order. */
class EffectsTest {

  /** Each row: the state before beside the usual one, what is wanted, and all effects. */
  @ParameterizedTest(name = "{1} after {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        // a connection comes and goes
        "n1.conn=StandAlone v0.n1.repl=Off v0.n1.pdsk=DUnknown n1.peer=Unknown |"
            + " n1.conn=Unconnected | StartReceiver",
        "n1.conn=Unconnected v0.n1.repl=Off v0.n1.pdsk=DUnknown n1.peer=Unknown |"
            + " n1.conn=Connecting | ",
        "v0.n1.repl=Off v0.n1.pdsk=DUnknown | v0.n1.repl=Established v0.n1.pdsk=UpToDate |"
            + " CloseEpoch ClearBitmap SendState WriteMetadata",
        "v0.n1.repl=Off v0.n1.pdsk=DUnknown v0.n1.told-old-uuid=true | v0.n1.repl=Established"
            + " v0.n1.pdsk=UpToDate | CloseEpoch ClearBitmap SendUuids SendState WriteMetadata",
        "v0.n1.repl=Off v0.n1.pdsk=DUnknown | v0.n1.repl=WFBitMapS v0.n1.pdsk=UpToDate | SendBitmap"
            + " SendState WriteMetadata",
        "v0.n1.repl=Off v0.n1.pdsk=DUnknown | v0.n1.repl=WFBitMapT v0.n1.pdsk=UpToDate | CloseEpoch"
            + " SendState WriteMetadata",
        "                 | n1.conn=Disconnecting  | CloseEpoch ConnectionLost StopReceiver"
            + " WriteMetadata RunHandler ExpireTransaction",
        "                 | n1.conn=NetworkFailure | CloseEpoch ConnectionLost RestartReceiver"
            + " WriteMetadata RunHandler ExpireTransaction",
        "n1.peer=Primary  | n1.conn=NetworkFailure | CloseEpoch ConnectionLost RestartReceiver"
            + " WriteMetadata AskCluster RunHandler ExpireTransaction",
        // roles
        "                      | resource.role=Primary   | WriteMetadata SendState",
        "resource.role=Primary | resource.role=Secondary | FlushPeerAcks WriteBitmap WriteMetadata"
            + " SendState",
        "v0.disk=Inconsistent v0.n1.pdsk=Inconsistent | resource.role=Primary v0.disk=UpToDate |"
            + " WriteMetadata MakeNewUuid SendUuids ConsiderResync SendState",
        "                      | n1.peer=Primary         | SendUuids SendUuids WriteMetadata",
        "n1.peer=Primary       | n1.peer=Secondary       | SendUuids WriteBitmap WriteMetadata",
        // a resync begins, is paused, ends
        "v0.n1.repl=WFBitMapS v0.n1.pdsk=Consistent | v0.n1.repl=SyncSource | CloseEpoch"
            + " SendSyncUuid SendState StartResync WriteMetadata",
        "v0.n1.repl=WFSyncUUID v0.disk=Outdated     | v0.n1.repl=SyncTarget | SendState StartResync"
            + " WriteMetadata",
        "v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent | v0.n1.pause=user | SendState PauseResync",
        "v0.n1.repl=PausedSyncT v0.disk=Inconsistent v0.n1.pause=peer | v0.n1.pause=no |"
            + " StartResync",
        "v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent | v0.n1.repl=Established v0.n1.pdsk=UpToDate"
            + " | EndResync WriteMetadata",
        "v0.n1.repl=SyncTarget v0.disk=Inconsistent | v0.n1.repl=Established v0.disk=UpToDate |"
            + " SendUuids SendState EndResync WriteMetadata",
        "                      | v0.n1.repl=StartingSyncS | CloseEpoch StartFullSync",
        "                      | v0.n1.repl=StartingSyncT | StartFullSync SendState WriteMetadata",
        "                      | v0.n1.repl=VerifyS     | SendState StartResync",
        "v0.n1.repl=VerifyS    | v0.n1.repl=Established | SendState EndResync",
        "                      | v0.n1.repl=Ahead       | CloseEpoch SendState",
        // disks
        "                      | v0.disk=Detaching | SendState WriteBitmap ReleaseDisk",
        "                      | v0.disk=Failed    | RunHandler SendState WriteBitmap ReleaseDisk",
        "v0.disk=Detaching     | v0.disk=Diskless  | SendState",
        "                      | v0.disk=Inconsistent | SendState WriteMetadata",
        "v0.disk=Attaching     | v0.disk=Negotiating | SendSizes SendUuids SendState",
        "v0.n1.pdsk=Diskless   | v0.n1.pdsk=Negotiating | SendUuids SendState",
        "v0.n1.pdsk=Diskless   | v0.n1.pdsk=UpToDate v0.n1.repl=WFBitMapS | SendUuids SendState"
            + " SendBitmap",
        "v0.n1.pdsk=Diskless   | v0.n1.pdsk=UpToDate | CloseEpoch ClearBitmap SendUuids SendState",
        "                      | v0.n1.pdsk=Failed | CloseEpoch",
        // suspended I/O
        "                      | resource.susp-io=user | SuspendIo",
        "resource.susp-io=user | resource.susp-io=no   | ResumeIo",
        "resource.susp-io=user v0.n1.repl=Off v0.n1.pdsk=DUnknown | v0.n1.repl=Established"
            + " v0.n1.pdsk=UpToDate | CloseEpoch ResendRequests ClearBitmap SendState"
            + " WriteMetadata",
        "resource.susp-io=user v0.n1.repl=Off v0.n1.pdsk=DUnknown | v0.n1.repl=WFBitMapS"
            + " v0.n1.pdsk=UpToDate | CancelRequests SendBitmap SendState WriteMetadata",
      })
  void follow(String before, String wanted, String effects) {
    ResourceSnapshot now = settled(with(Snapshots.connected84(), before == null ? "" : before));
    assertThat(names(now, wanted)).isEqualTo(effects == null ? "" : effects);
  }

  /** From protocol version 110 on there are dagtags, roles of whole resources, and stability. */
  @ParameterizedTest(name = "{1} after {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "v0.n1.repl=Off v0.n1.pdsk=DUnknown | v0.n1.repl=Established v0.n1.pdsk=UpToDate |"
            + " CloseEpoch SendDagtag ClearBitmap SendState WriteMetadata",
        "v0.n1.repl=WFBitMapS v0.n1.pdsk=Consistent | v0.n1.repl=SyncSource | CloseEpoch SendDagtag"
            + " SendState StartResync WriteMetadata",
        "resource.role=Primary | resource.role=Secondary | FlushPeerAcks WriteBitmap WriteMetadata"
            + " SendRole SendState",
        "resource.quorum=majority resource.role=Primary | n1.conn=NetworkFailure | CloseEpoch"
            + " ConnectionLost RestartReceiver SuspendIo WriteMetadata RunHandler RunHandler"
            + " ExpireTransaction",
      })
  void followFrom110(String before, String wanted, String effects) {
    ResourceSnapshot now = settled(with(Snapshots.connected9(), before));
    assertThat(names(now, wanted)).isEqualTo(effects);
  }

  /** Row 13: a node that becomes stable tells its other neighbours, not the demoted Primary. */
  @Test
  void tellsOtherNeighboursThatItBecameStable() {
    ResourceSnapshot now = Snapshots.connected9();
    now =
        now.withConnection(
            new ConnectionSnapshot(
                2,
                now.connection(1).state(),
                now.connection(1).peerRole(),
                false,
                now.connection(1).facts(),
                now.connection(1).devices()));
    now = settled(with(now, "n1.peer=Primary"));
    List<Effect> effects =
        Snapshots.changed(now, with(now, "n1.peer=Secondary"), ChangeKind.SOFT).effects();
    assertThat(effects)
        .contains(new Effect.SendUuids(2, 0, Effect.UuidNews.BECAME_STABLE))
        .doesNotContain(new Effect.SendUuids(1, 0, Effect.UuidNews.BECAME_STABLE));
  }

  @Test
  void endsAFencingSuspensionWhenThePeerIsBack() {
    ResourceSnapshot now =
        with(
            Snapshots.connected9(),
            "resource.role=Primary n1.fencing=RESOURCE_AND_STONITH v0.n1.repl=Off"
                + " v0.n1.pdsk=DUnknown");
    now = now.changeConnection(1, c -> c.withSuspendedByFencing(true));
    List<Effect> effects =
        Snapshots.changed(
                now, with(now, "v0.n1.repl=Established v0.n1.pdsk=UpToDate"), ChangeKind.HARD)
            .effects();
    assertThat(effects)
        .contains(new Effect.EndFencingSuspension(1, false), new Effect.UnfencePeer(1));
  }

  /** The same state with marks and slots as they are after a change that changes nothing else. */
  private static ResourceSnapshot settled(ResourceSnapshot resource) {
    ResourceSnapshot touched = with(resource, "v0.readers=5");
    return Snapshots.changed(resource, touched, ChangeKind.HARD)
        .after()
        .changeVolume(0, v -> v.withReaders(0).withOwesNewUuid(false));
  }

  private static String names(ResourceSnapshot now, String wanted) {
    return Snapshots.changed(now, with(now, wanted), ChangeKind.HARD).effects().stream()
        .map(effect -> effect.getClass().getSimpleName())
        .collect(Collectors.joining(" "));
  }
}
