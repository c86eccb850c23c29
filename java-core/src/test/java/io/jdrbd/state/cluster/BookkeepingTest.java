package io.jdrbd.state.cluster;

import static io.jdrbd.state.cluster.Snapshots.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.DiskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.5 "Metadata flags", 5.4.5, and 4.3.2. */
class BookkeepingTest {

  /**
   * The marks after a change: c consistent, u up to date, p Primary, x crashed, q quorum, l lost.
   */
  @ParameterizedTest(name = "{1} after {0}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "                                  | resource.role=Primary   | cupxq",
        "resource.role=Primary             | resource.role=Secondary | cuq",
        "                                  | n1.peer=Primary         | cupq",
        "n1.peer=Primary                   | n1.peer=Secondary       | cuq",
        "n1.peer=Primary                   | n1.conn=NetworkFailure  | cupq",
        "n1.peer=Primary v0.peer-writes=1  | n1.peer=Secondary       | cupq",
        "                                  | v0.n1.repl=WFBitMapT    | cq",
        "v0.n1.repl=WFBitMapT v0.disk=Outdated | v0.n1.repl=SyncTarget | q",
        "                                  | v0.disk=Outdated        | cq",
        "                                  | v0.disk=Inconsistent    | q",
        "                                  | v0.disk=Consistent      | cuq",
        "                                  | v0.disk=Failed          | cuq",
        "resource.role=Primary             | v0.disk=Failed          | cpxq",
        "n1.peer=Primary                   | v0.disk=Failed          | cpq",
        "n1.peer=Primary                   | v0.disk=Negotiating     | cupq",
        "resource.quorum=majority resource.role=Primary | n1.conn=NetworkFailure | cupxl",
      })
  void marks(String before, String wanted, String marks) {
    ResourceSnapshot now = settled(with(Snapshots.connected9(), before == null ? "" : before));
    VolumeSnapshot after =
        Snapshots.changed(now, with(now, wanted), ChangeKind.HARD).after().volume(0);
    assertThat(letters(after.marks())).isEqualTo(marks);
  }

  /** A graceful detach leaves no trace of having been Primary. */
  @Test
  void clearsTheIndicationAtAGracefulDetach() {
    ResourceSnapshot now = settled(with(Snapshots.connected9(), "resource.role=Primary"));
    MetadataMarks graceful =
        Snapshots.changed(now, with(now, "v0.disk=Detaching"), ChangeKind.SOFT)
            .after()
            .volume(0)
            .marks();
    assertThat(letters(graceful)).isEqualTo("cq");
  }

  /**
   * What is out of the disk's reach stays as it is: a transition out of Attaching changes nothing.
   */
  @Test
  void touchesNothingWhileAttaching() {
    ResourceSnapshot now = with(Snapshots.connected9(), "v0.disk=Attaching n1.peer=Primary");
    MetadataMarks before = now.volume(0).marks();
    MetadataMarks after =
        Snapshots.changed(now, with(now, "v0.disk=UpToDate"), ChangeKind.SOFT)
            .after()
            .volume(0)
            .marks();
    assertThat(after).isEqualTo(before);
  }

  /** The marker of a crashed Primary ends when own and peer disk both become UpToDate. */
  @Test
  void forgetsTheCrash() {
    ResourceSnapshot now =
        with(Snapshots.connected9(), "v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent")
            .changeVolume(0, v -> v.withCrashedPrimary(true));
    ResourceSnapshot after =
        Snapshots.changed(
                now, with(now, "v0.n1.repl=Established v0.n1.pdsk=UpToDate"), ChangeKind.HARD)
            .after();
    assertThat(after.volume(0).crashedPrimary()).isFalse();
    assertThat(after.volume(0).marks().crashedPrimary()).isFalse();
  }

  @Test
  void notesWhatIsKnownOfThePeer() {
    ResourceSnapshot now = settled(with(Snapshots.connected9(), "n1.fencing=RESOURCE_ONLY"));
    SlotMarks slot =
        Snapshots.changed(now, with(now, "n1.conn=TearDown v0.n1.pdsk=Outdated"), ChangeKind.HARD)
            .after()
            .volume(0)
            .slot(1);
    assertThat(slot).isEqualTo(new SlotMarks(true, false, true, false, true, true));
  }

  /** The state that the metadata gives: with fencing only if the peer cannot have newer data. */
  @ParameterizedTest
  @CsvSource({
    "false, true, false, false, INCONSISTENT",
    "true, false, false, false, OUTDATED",
    "true, true, false, false, UP_TO_DATE",
    "true, true, true, false, CONSISTENT",
    "true, true, true, true, UP_TO_DATE"
  })
  void readsTheStateFromTheMetadata(
      boolean consistent,
      boolean wasUpToDate,
      boolean fencing,
      boolean peerOutdated,
      DiskState disk) {
    ResourceSnapshot now =
        with(
                Snapshots.connected9(),
                "v0.disk=Attaching n1.conn=Connecting v0.n1.repl=Off v0.n1.pdsk=DUnknown")
            .changeVolume(
                0,
                v ->
                    v.withMarks(v.marks().withConsistent(consistent).withWasUpToDate(wasUpToDate))
                        .withSlot(
                            1, SlotMarks.BITMAP.withFencing(fencing).withOutdated(peerOutdated)));
    assertThat(Wishes.attached(now, 0).volume(0).disk()).isEqualTo(disk);
  }

  private static ResourceSnapshot settled(ResourceSnapshot resource) {
    return Snapshots.changed(resource, with(resource, "v0.readers=5"), ChangeKind.HARD).after();
  }

  private static String letters(MetadataMarks marks) {
    return (marks.consistent() ? "c" : "")
        + (marks.wasUpToDate() ? "u" : "")
        + (marks.primaryIndication() ? "p" : "")
        + (marks.crashedPrimary() ? "x" : "")
        + (marks.hasQuorum() ? "q" : "")
        + (marks.lostQuorum() ? "l" : "");
  }
}
