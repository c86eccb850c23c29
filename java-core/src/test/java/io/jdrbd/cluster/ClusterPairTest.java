package io.jdrbd.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.wire.ProtocolSettings;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes over loopback, with real sockets and disks in memory. */
class ClusterPairTest {
  private static final int DATA_BYTES = 16 << 20;

  private final InetSocketAddress first = new InetSocketAddress("127.0.0.2", 27789);
  private final InetSocketAddress second = new InetSocketAddress("127.0.0.3", 27789);

  static List<SessionSettings.Versions> versions() {
    return List.of(TestClusterNode.OLD, TestClusterNode.NEW);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aFreshPairBecomesEqualAndStaysSo(SessionSettings.Versions versions) {
    try (TestClusterNode alpha = node(0, first, second, versions);
        TestClusterNode bravo = node(1, second, first, versions)) {
      alpha.promote(true);
      alpha.write(0, 4096, 1);
      alpha.connect();
      bravo.connect();
      alpha.awaitInSync();
      bravo.awaitInSync();
      alpha.write(1 << 20, 1 << 20, 2);
      assertThat(bravo.onDisk(0, DATA_BYTES)).isEqualTo(alpha.onDisk(0, DATA_BYTES));

      bravo.disconnect();
      alpha.write(5 << 20, 8192, 3);
      bravo.connect();
      alpha.awaitInSync();
      bravo.awaitInSync();
      assertThat(bravo.onDisk(0, DATA_BYTES)).isEqualTo(alpha.onDisk(0, DATA_BYTES));
    }
  }

  private static TestClusterNode node(
      int id, InetSocketAddress own, InetSocketAddress other, SessionSettings.Versions versions) {
    return new TestClusterNode(
        id, own, other, ProtocolSettings.PROTOCOL_C, SessionSettings.Authentication.NONE, versions);
  }
}
