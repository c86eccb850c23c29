package io.jdrbd.state.cluster;

import static io.jdrbd.state.cluster.Snapshots.with;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.5, "A new current UUID is owed". */
class NewUuidRuleTest {

  @ParameterizedTest(name = "{1} after {0}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "                                             | resource.role=Primary   | true",
        "resource.role=Primary                        | n1.conn=NetworkFailure  | true",
        "resource.role=Primary v0.n1.pdsk=Inconsistent v0.n1.repl=SyncSource | v0.n1.pdsk=Failed |"
            + " true",
        "resource.role=Primary v0.n1.pdsk=Inconsistent v0.n1.repl=SyncSource |"
            + " n1.conn=NetworkFailure | true",
        "resource.role=Primary v0.n1.pdsk=Inconsistent v0.n1.repl=SyncSource v0.n1.bitmap-uuid=set"
            + " | n1.conn=NetworkFailure | false",
        "resource.role=Primary                        | v0.n1.pdsk=Outdated     | true",
        "resource.role=Primary                        | v0.n1.pdsk=Inconsistent | false",
        "resource.role=Primary v0.n1.pdsk=Diskless    | n1.conn=NetworkFailure  | false",
        "resource.role=Primary v0.n1.repl=Off v0.n1.pdsk=DUnknown | v0.n1.repl=Established"
            + " v0.n1.pdsk=Diskless | true",
        "resource.role=Primary v0.n1.repl=Off v0.n1.pdsk=DUnknown v0.n1.bitmap-uuid=set |"
            + " v0.n1.repl=Established v0.n1.pdsk=Diskless | false",
        "resource.role=Primary                        | v0.disk=Failed          | true",
        "resource.role=Primary v0.n1.pdsk=Outdated    | v0.disk=Failed          | false",
        "resource.role=Primary                        | v0.n1.repl=Ahead        | true",
        "                                             | n1.conn=NetworkFailure  | false",
        "n1.peer=Primary                              | v0.n1.pdsk=Diskless     | false",
      })
  void owes(String before, String wanted, boolean owed) {
    ResourceSnapshot now = with(Snapshots.connected9(), before == null ? "" : before);
    Outcome.Changed changed = Snapshots.changed(now, with(now, wanted), ChangeKind.HARD);
    assertThat(changed.after().volume(0).owesNewUuid()).isEqualTo(owed);
  }

  /** Below protocol version 110 also the neighbour of a Primary, because it has the only copy. */
  @Test
  void owesBesideA84PrimaryThatLosesItsDisk() {
    ResourceSnapshot now = with(Snapshots.connected84(), "n1.peer=Primary");
    Outcome.Changed changed =
        Snapshots.changed(now, with(now, "v0.n1.pdsk=Diskless"), ChangeKind.HARD);
    assertThat(changed.after().volume(0).owesNewUuid()).isTrue();
    assertThat(changed.effects())
        .as("it writes on without a write of this node")
        .contains(new Effect.MakeNewUuid(0, false));
  }

  @Test
  void doesNotOweAfterADemotion() {
    ResourceSnapshot now =
        with(Snapshots.connected9(), "resource.role=Primary v0.owes-new-uuid=true");
    Outcome.Changed changed =
        Snapshots.changed(now, with(now, "resource.role=Secondary"), ChangeKind.SOFT);
    assertThat(changed.after().volume(0).owesNewUuid()).isFalse();
  }

  /** It cannot wait for the next write when good data was lost. */
  @ParameterizedTest
  @CsvSource({"v0.n1.pdsk=Failed", "v0.disk=Failed"})
  void isMadeAtOnce(String wanted) {
    ResourceSnapshot now = with(Snapshots.connected9(), "resource.role=Primary");
    assertThat(Snapshots.changed(now, with(now, wanted), ChangeKind.HARD).effects())
        .contains(new Effect.MakeNewUuid(0, false));
  }

  /** I/O that was suspended goes on only after the new UUID is written. */
  @Test
  void keepsIoSuspended() {
    ResourceSnapshot now =
        with(
            Snapshots.connected9(),
            "resource.role=Primary resource.susp-io=user v0.owes-new-uuid=true");
    Outcome.Changed resumed =
        Snapshots.changed(now, with(now, "resource.susp-io=no"), ChangeKind.SOFT);
    assertThat(resumed.after().suspension().uuid()).isTrue();
    assertThat(resumed.effects())
        .contains(new Effect.MakeNewUuid(0, false), new Effect.EndUuidSuspension())
        .doesNotContain(new Effect.ResumeIo());
  }
}
