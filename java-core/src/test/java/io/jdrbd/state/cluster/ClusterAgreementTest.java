package io.jdrbd.state.cluster;

import static io.jdrbd.state.cluster.Snapshots.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.cluster.ClusterAgreement.Need;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.8, 4.9.2, 4.17.1, 4.22: which changes others must agree to, and in which words. */
class ClusterAgreementTest {

  @ParameterizedTest(name = "{1} after {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "                      | resource.role=Primary   |      | 00000003 | 00000001 | 00000001 |"
            + " ",
        "resource.role=Primary | resource.role=Secondary |      | 00000003 | 00000002 | 00000002 |"
            + " ",
        "v0.disk=Inconsistent v0.n1.pdsk=Inconsistent | resource.role=Primary v0.disk=UpToDate | |"
            + " 00001e03 | 00001001 | 00001201 | ",
        "                      | n1.conn=Disconnecting   |      | 000001f0 | 00000010 | 00000010 |"
            + " 1",
        "                      | v0.disk=Detaching       | 0    | 00001e00 | 00000400 | 00000400 |"
            + " ",
        "                      | v0.n1.repl=StartingSyncS | 0   | 000001f0 | 000000b0 | 000000b0 |"
            + " 1",
        "                      | v0.n1.repl=StartingSyncT | 0   | 000001f0 | 000000c0 | 000000c0 |"
            + " 1",
        "                      | v0.n1.repl=VerifyS      | 0    | 000001f0 | 00000120 | 00000120 |"
            + " 1",
      })
  void asks(
      String before,
      String wanted,
      String volume,
      String mask,
      String value84,
      String value9,
      Integer target) {
    OptionalInt number =
        volume == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(volume));
    String facts = before == null ? "" : before;
    assertThat(needed(with(Snapshots.connected84(), facts), wanted))
        .isEqualTo(new Need.Peer(1, number, request(mask, value84)));
    OptionalInt whom = target == null ? OptionalInt.empty() : OptionalInt.of(target);
    assertThat(needed(with(Snapshots.connected9(), facts), wanted))
        .isEqualTo(new Need.Cluster(whom, number, request(mask, value9)));
  }

  /** The Secondary of the two is outdated where fencing wants to know. */
  @ParameterizedTest
  @CsvSource({
    "resource.role=Primary, 0001e1f0, 0000a010",
    "n1.peer=Primary, 00001ff0, 00000a10",
    "n1.peer=Secondary, 000001f0, 00000010"
  })
  void outdatesTheSecondary(String roles, String mask, String value) {
    ResourceSnapshot now = with(Snapshots.connected84(), "n1.fencing=RESOURCE_ONLY " + roles);
    ResourceSnapshot next =
        Snapshots.changed(now, Wishes.disconnect(now, 1), ChangeKind.SOFT).after();
    assertThat(ClusterAgreement.needed(now, next))
        .containsExactly(new Need.Peer(1, OptionalInt.empty(), request(mask, value)));
  }

  @ParameterizedTest
  @CsvSource({"n1.conn=NetworkFailure", "v0.disk=Failed", "v0.n1.pause=user", "v0.disk=Outdated"})
  void asksNobodyAboutWhatIsLocal(String wanted) {
    ResourceSnapshot now = Snapshots.connected84();
    assertThat(ClusterAgreement.needed(now, with(now, wanted))).isEmpty();
  }

  @Test
  void asksNobodyWithoutAConnection() {
    ResourceSnapshot now =
        with(
            Snapshots.connected9(),
            "n1.conn=Connecting v0.n1.repl=Off v0.n1.pdsk=DUnknown n1.peer=Unknown");
    assertThat(ClusterAgreement.needed(now, with(now, "resource.role=Primary"))).isEmpty();
  }

  private static Need needed(ResourceSnapshot now, String wanted) {
    ResourceSnapshot next = Snapshots.changed(now, with(now, wanted), ChangeKind.SOFT).after();
    assertThat(ClusterAgreement.needed(now, next)).hasSize(1);
    return ClusterAgreement.needed(now, next).getFirst();
  }

  private static StateRequest request(String mask, String value) {
    return new StateRequest(
        Integer.parseUnsignedInt(mask, 16), Integer.parseUnsignedInt(value, 16));
  }
}
