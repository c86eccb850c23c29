package io.jdrbd.state.cluster;

import static io.jdrbd.state.cluster.Snapshots.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.PeerRequests.Answer;
import io.jdrbd.state.cluster.StateRequest.Outdates;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.9: requests between two nodes below protocol version 110. */
class PeerRequestsTest {

  /** What a 9.x node, or this one, sends (spec 4.9.2, 4.10.4, 4.22, and captures). */
  @Test
  void writesRequests() {
    DiskNumbering below = DiskNumbering.VERSION_84;
    DiskNumbering nine = DiskNumbering.VERSION_9;
    assertThat(StateRequest.role(Role.PRIMARY)).isEqualTo(new StateRequest(3, 1));
    assertThat(StateRequest.role(Role.SECONDARY)).isEqualTo(new StateRequest(3, 2));
    assertThat(StateRequest.forcedPromotion(below)).isEqualTo(new StateRequest(0x1e03, 0x1001));
    assertThat(StateRequest.forcedPromotion(nine)).isEqualTo(new StateRequest(0x1e03, 0x1201));
    assertThat(StateRequest.disconnect(Outdates.NOBODY, nine))
        .isEqualTo(new StateRequest(0x1f0, 0x10));
    assertThat(StateRequest.disconnect(Outdates.ME, below))
        .isEqualTo(new StateRequest(0x1ff0, 0xa10));
    assertThat(StateRequest.disconnect(Outdates.ME, nine))
        .isEqualTo(new StateRequest(0x1ff0, 0xc10));
    assertThat(StateRequest.disconnect(Outdates.YOU, below))
        .isEqualTo(new StateRequest(0x1e1f0, 0xa010));
    assertThat(StateRequest.disconnect(Outdates.YOU, nine))
        .isEqualTo(new StateRequest(0x1e1f0, 0xc010));
    assertThat(StateRequest.connect(Role.SECONDARY)).isEqualTo(new StateRequest(0x1f3, 0x92));
    assertThat(StateRequest.connect(Role.PRIMARY)).isEqualTo(new StateRequest(0x1f3, 0x91));
    assertThat(StateRequest.detach()).isEqualTo(new StateRequest(0x1e00, 0x400));
    assertThat(StateRequest.attach()).isEqualTo(new StateRequest(0x1e00, 0x800));
    assertThat(StateRequest.replication(ReplicationState.STARTING_SYNC_S))
        .isEqualTo(new StateRequest(0x1f0, 0xb0));
    assertThat(StateRequest.replication(ReplicationState.STARTING_SYNC_T))
        .isEqualTo(new StateRequest(0x1f0, 0xc0));
    assertThat(StateRequest.replication(ReplicationState.VERIFY_S))
        .isEqualTo(new StateRequest(0x1f0, 0x120));
  }

  /** A request is from the view of the node that asks (spec 4.9.1). */
  @ParameterizedTest
  @CsvSource({
    "00000003, 00000001, 0000000c, 00000004",
    "000001f0, 00000010, 000001f0, 00000070",
    "000001f0, 000000b0, 000001f0, 000000c0",
    "000001f0, 000000c0, 000001f0, 000000b0",
    "000001f0, 000000d0, 000001f0, 000000e0",
    "000001f0, 00000120, 000001f0, 00000130",
    "00001e00, 00000400, 0001e000, 00004000",
    "0001e1f0, 0000c010, 00001ff0, 00000c70",
    "00100000, 00100000, 00080000, 00080000",
    "00040000, 00040000, 00080000, 00080000"
  })
  void mirrors(String mask, String value, String mirroredMask, String mirroredValue) {
    assertThat(new StateRequest(hex(mask), hex(value)).mirrored())
        .isEqualTo(new StateRequest(hex(mirroredMask), hex(mirroredValue)));
  }

  /** What comes of the requests of an 8.4 node: all that changes here. */
  @ParameterizedTest(name = "{0}/{1} after {3}: {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "00000003 | 00000001 | 0    |                       | 1   | node 1: peer( Secondary ->"
            + " Primary )",
        "00000003 | 00000001 | 0    | resource.role=Primary | -1  |",
        "00000003 | 00000001 | 0    | v0.readers=1          | -22 |",
        "00000003 | 00000002 | none | n1.peer=Primary       | 1   | node 1: peer( Primary ->"
            + " Secondary )",
        "00001e03 | 00001001 | 0    | v0.disk=Inconsistent v0.n1.pdsk=Inconsistent | 1 | node 1:"
            + " peer( Secondary -> Primary ); volume 0 node 1: pdsk( Inconsistent -> UpToDate )",
        "000001f0 | 00000010 | none |                       | 1   | node 1: conn( Connected ->"
            + " TearDown ) peer( Secondary -> Unknown ); volume 0 node 1: pdsk( UpToDate ->"
            + " DUnknown ) repl( Established -> Off )",
        "00001ff0 | 00000a10 | none | resource.role=Primary | 1   | node 1: conn( Connected ->"
            + " TearDown ) peer( Secondary -> Unknown ); volume 0 node 1: pdsk( UpToDate ->"
            + " Outdated ) repl( Established -> Off )",
        "00001ff0 | 00000c10 | none | resource.role=Primary | 1   | node 1: conn( Connected ->"
            + " TearDown ) peer( Secondary -> Unknown ); volume 0 node 1: pdsk( UpToDate ->"
            + " Outdated ) repl( Established -> Off )",
        "0001e1f0 | 0000a010 | none | n1.peer=Primary       | 1   | node 1: conn( Connected ->"
            + " TearDown ) peer( Primary -> Unknown ); volume 0: disk( UpToDate -> Outdated );"
            + " volume 0 node 1: pdsk( UpToDate -> DUnknown ) repl( Established -> Off )",
        "000001f0 | 00000010 | none | resource.role=Primary v0.disk=Diskless | -2 |",
        "00001e00 | 00000400 | 0    |                       | 1   | volume 0 node 1: pdsk( UpToDate"
            + " -> Detaching )",
        "00001e00 | 00000400 | 0    | resource.role=Primary v0.disk=Diskless | -2 |",
        "000001f0 | 000000b0 | 0    |                       | 1   | volume 0: disk( UpToDate ->"
            + " Outdated ); volume 0 node 1: repl( Established -> StartingSyncT )",
        "000001f0 | 000000c0 | 0    |                       | 1   | volume 0 node 1: pdsk( UpToDate"
            + " -> Consistent ) repl( Established -> StartingSyncS )",
        "000001f0 | 000000b0 | 0    | resource.role=Primary | -6  |",
        "000001f0 | 00000120 | 0    |                       | 1   | volume 0 node 1: repl("
            + " Established -> VerifyT )",
        "000001f0 | 00000120 | 0    | n1.no-verify=true     | -14 |",
        "000001f0 | 00000090 | 0    |                       | 1   | volume 0 node 1: pdsk( UpToDate"
            + " -> DUnknown ) repl( Established -> Off )",
      })
  void answers(String mask, String value, String volume, String before, int code, String changes) {
    ResourceSnapshot now = with(Snapshots.connected84(), before == null ? "" : before);
    Answer.Reply reply = reply(now, volume, new StateRequest(hex(mask), hex(value)), false);
    assertThat(reply.code()).isEqualTo(code);
    assertThat(reply.wholeConnection()).isEqualTo(volume.equals("none"));
    if (reply.outcome() instanceof Outcome.Changed changed) {
      assertThat(StateText.lines(now, changed.after()))
          .containsExactly(changes.strip().split("; ", -1));
    } else {
      assertThat(changes).isNull();
    }
  }

  @Test
  void refusesWhileItsOwnRequestRuns() {
    Answer.Reply reply =
        reply(Snapshots.connected84(), "none", StateRequest.role(Role.PRIMARY), true);
    assertThat(reply.code()).isEqualTo(-19);
  }

  @Test
  void endsTheConnectionOverAnUnknownVolume() {
    ResourceSnapshot now = Snapshots.connected84();
    OptionalInt unknown = OptionalInt.of(7);
    assertThat(PeerRequests.answer(now, 1, unknown, StateRequest.detach(), false))
        .isInstanceOf(Answer.ProtocolError.class);
    StateRequest removal = StateRequest.replication(ReplicationState.OFF);
    assertThat(PeerRequests.answer(now, 1, unknown, removal, false))
        .isEqualTo(new Answer.Reply(2, true, new Outcome.Unchanged(now)));
  }

  @Test
  void endsTheConnectionIfAVersion9PeerAsks() {
    assertThat(
            PeerRequests.answer(
                Snapshots.connected9(),
                1,
                OptionalInt.empty(),
                StateRequest.role(Role.PRIMARY),
                false))
        .isInstanceOf(Answer.ProtocolError.class);
  }

  @Test
  void endsTheConnectionOverAStateThatDoesNotExist() {
    assertThat(
            PeerRequests.answer(
                Snapshots.connected84(),
                1,
                OptionalInt.of(0),
                new StateRequest(0x1e00, 0x1e00),
                false))
        .isInstanceOf(Answer.ProtocolError.class);
  }

  private static Answer.Reply reply(
      ResourceSnapshot now, String volume, StateRequest request, boolean ownRequestRuns) {
    OptionalInt number =
        volume.equals("none") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(volume));
    Answer answer = PeerRequests.answer(now, 1, number, request, ownRequestRuns);
    assertThat(answer).isInstanceOf(Answer.Reply.class);
    return (Answer.Reply) answer;
  }

  private static int hex(String digits) {
    return HexFormat.fromHexDigits(digits);
  }
}
