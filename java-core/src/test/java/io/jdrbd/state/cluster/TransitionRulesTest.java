package io.jdrbd.state.cluster;

import static io.jdrbd.state.cluster.Snapshots.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.StateError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.4: what is refused. */
class TransitionRulesTest {

  /** Spec 4.4.1. */
  @ParameterizedTest
  @CsvSource({
    "StandAlone, Disconnecting, ALREADY_STANDALONE",
    "StandAlone, Connecting, NEED_CONNECTION",
    "StandAlone, Connected, NEED_CONNECTION",
    "StandAlone, TearDown, NEED_CONNECTION",
    "Timeout, Connecting, IN_TRANSIENT_STATE",
    "BrokenPipe, Connected, IN_TRANSIENT_STATE",
    "NetworkFailure, StandAlone, IN_TRANSIENT_STATE",
    "ProtocolError, NetworkFailure, IN_TRANSIENT_STATE",
    "TearDown, NetworkFailure, IN_TRANSIENT_STATE",
    "Disconnecting, Unconnected, IN_TRANSIENT_STATE",
    "Disconnecting, NetworkFailure, IN_TRANSIENT_STATE"
  })
  void refusesAlways(String before, String wanted, StateError error) {
    ResourceSnapshot now =
        with(Snapshots.connected9(), "v0.n1.repl=Off v0.n1.pdsk=DUnknown n1.conn=" + before);
    assertThat(error(now, "n1.conn=" + wanted, ChangeKind.HARD)).isEqualTo(error);
  }

  @ParameterizedTest
  @CsvSource({
    "StandAlone, Unconnected",
    "Timeout, Unconnected",
    "TearDown, Disconnecting",
    "Disconnecting, StandAlone",
    "Unconnected, Connecting",
    "Connected, TearDown"
  })
  void permitsTheUsualWay(String before, String wanted) {
    ResourceSnapshot now = with(Snapshots.connected9(), "n1.conn=" + before);
    assertThat(StateChange.apply(now, with(now, "n1.conn=" + wanted), ChangeKind.HARD))
        .isInstanceOf(Outcome.Changed.class);
  }

  @Test
  void refusesToFailWhatIsNotThere() {
    ResourceSnapshot now = with(Snapshots.connected9(), "v0.disk=Diskless");
    assertThat(error(now, "v0.disk=Failed", ChangeKind.HARD)).isEqualTo(StateError.IS_DISKLESS);
  }

  /** Spec 4.4.2, the number first: the state before beside the usual one, the wish, the code. */
  @ParameterizedTest(name = "rule {0}: {2} after {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1  | n1.peer=Primary | resource.role=Primary | TWO_PRIMARIES",
        "2  | v0.n1.repl=Off v0.n1.pdsk=DUnknown n1.handshake=true | resource.role=Primary |"
            + " IN_TRANSIENT_STATE",
        "3  | resource.fail-io=true v0.writers=1 | resource.role=Primary | DEVICE_IN_USE",
        "4  | n1.conn=Unconnected v0.n1.repl=Off | n1.conn=Disconnecting | IN_TRANSIENT_STATE",
        "5  | resource.role=Primary | n1.peer=Primary | TWO_PRIMARIES",
        "6  | v0.readers=1 | n1.peer=Primary | PRIMARY_READER",
        "7  | v0.n1.repl=Off v0.n1.pdsk=DUnknown n1.handshake=true | v0.disk=Detaching |"
            + " IN_TRANSIENT_STATE",
        "7  | v0.disk=Diskless v0.n1.repl=Off v0.n1.pdsk=DUnknown n1.handshake=true |"
            + " v0.disk=Attaching | IN_TRANSIENT_STATE",
        "8  | resource.role=Primary v0.writers=2 | resource.role=Secondary | DEVICE_IN_USE",
        "9  | v0.disk=Diskless | v0.disk=UpToDate | IS_DISKLESS",
        "10 | v0.disk=Inconsistent | v0.disk=Outdated | LOWER_THAN_OUTDATED",
        "11 | v0.disk=Outdated v0.n1.pdsk=Outdated v0.n1.stable=false | resource.role=Primary |"
            + " NO_UP_TO_DATE_DISK",
        "11 | resource.role=Primary v0.n1.pdsk=Diskless | v0.disk=Detaching | NO_UP_TO_DATE_DISK",
        "11 | resource.role=Primary v0.disk=Diskless | n1.conn=Disconnecting | NO_UP_TO_DATE_DISK",
        "12 | v0.readers=1 v0.n1.pdsk=Diskless | v0.disk=Detaching | NO_UP_TO_DATE_DISK",
        "14 | v0.n1.pdsk=Negotiating v0.disk=Attaching | v0.disk=Negotiating | IN_TRANSIENT_STATE",
        "15 | resource.role=Primary n1.fencing=RESOURCE_ONLY | n1.conn=Disconnecting | PRIMARY_NOP",
        "15 | n1.conn=Connecting v0.n1.repl=Off v0.n1.pdsk=DUnknown n1.fencing=RESOURCE_ONLY |"
            + " resource.role=Primary | PRIMARY_NOP",
        "17 | n1.peer=Primary | v0.disk=Outdated | CONNECTED_OUTDATES",
        "18 | n1.no-verify=true | v0.n1.repl=VerifyS | NO_VERIFY_ALG",
        "18 | n1.protocol=87 | v0.n1.repl=VerifyS | NOT_SUPPORTED",
        "19 | v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent | v0.n1.repl=WFBitMapS |"
            + " RESYNC_RUNNING",
        "19 | v0.n1.repl=SyncTarget v0.disk=Inconsistent | v0.n1.repl=WFBitMapT | RESYNC_RUNNING",
        "19 | v0.n1.repl=SyncTarget v0.disk=Inconsistent | v0.n1.repl=StartingSyncT |"
            + " RESYNC_RUNNING",
        "19 | v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent | v0.n1.repl=VerifyS | RESYNC_RUNNING",
        "20 | n1.conn=Connected v0.n1.repl=Off v0.n1.pdsk=Inconsistent | v0.n1.repl=StartingSyncS |"
            + " NEED_CONNECTION",
        "21 | v0.n1.pdsk=Diskless v0.n1.bitmap=false | v0.n1.pdsk=Inconsistent | ATTACH_NO_BITMAP",
      })
  void refusesWishes(String rule, String before, String wanted, StateError error) {
    ResourceSnapshot now = with(Snapshots.connected9(), before);
    assertThat(error(now, wanted, ChangeKind.SOFT)).isEqualTo(error);
  }

  /** "Unless so before": what is bad already may stay so. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resource.role=Primary v0.disk=Outdated v0.n1.pdsk=Outdated v0.n1.stable=false |"
            + " resource.susp-io=user",
        "resource.role=Primary n1.fencing=RESOURCE_ONLY n1.conn=NetworkFailure v0.n1.repl=Off"
            + " v0.n1.pdsk=DUnknown | n1.conn=Unconnected",
        "n1.peer=Primary n1.two-primaries=true | resource.role=Primary",
        "resource.role=Primary v0.n1.pdsk=UpToDate | v0.disk=Detaching",
        "v0.disk=Attaching | v0.disk=Outdated",
        "n1.peer=Primary | v0.n1.repl=WFBitMapT",
      })
  void permits(String before, String wanted) {
    ResourceSnapshot now = with(Snapshots.connected9(), before);
    assertThat(StateChange.apply(now, with(now, wanted), ChangeKind.SOFT))
        .isInstanceOf(Outcome.Changed.class);
  }

  /** Rule 13. */
  @Test
  void refusesToPromoteWithoutQuorum() {
    ResourceSnapshot now =
        with(
            Snapshots.connected9(),
            "resource.quorum=majority n1.conn=Connecting v0.n1.repl=Off v0.n1.pdsk=DUnknown");
    assertThat(StateChange.apply(now, with(now, "resource.role=Primary"), ChangeKind.SOFT))
        .hasToString("(-25) No quorum: volume 0: 1 of 2 nodes visible, need 2 for quorum");
  }

  /** A forced demotion takes the device from its writers; when they have closed it, all is well. */
  @Test
  void failsIoAfterAForcedDemotion() {
    ResourceSnapshot now = with(Snapshots.connected9(), "resource.role=Primary v0.writers=1");
    Outcome.Changed demoted =
        Snapshots.changed(now, with(now, "resource.role=Secondary"), ChangeKind.FORCED_DEMOTION);
    assertThat(demoted.after().failsIo()).isTrue();
    assertThat(demoted.effects()).contains(new Effect.FailIo());
    ResourceSnapshot closed =
        Snapshots.changed(demoted.after(), with(demoted.after(), "v0.writers=0"), ChangeKind.HARD)
            .after();
    assertThat(closed.failsIo()).isFalse();
  }

  @Test
  void saysWhatStandsAgainstIt() {
    ResourceSnapshot now = with(Snapshots.connected9(), "resource.role=Primary v0.disk=Diskless");
    assertThat(StateChange.apply(now, with(now, "n1.conn=Disconnecting"), ChangeKind.SOFT))
        .hasToString(
            "(-2) Need access to UpToDate data: volume 0: the own disk would be Diskless,"
                + " that of node 1 DUnknown");
  }

  private static StateError error(ResourceSnapshot now, String wanted, ChangeKind kind) {
    Outcome outcome = StateChange.apply(now, with(now, wanted), kind);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).error();
  }
}
