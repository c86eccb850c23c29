package io.jdrbd.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Two nodes over loopback, with real sockets and disks in memory. */
class ClusterPairTest {
  private static final int DATA_BYTES = 16 << 20;

  private final InetSocketAddress first = new InetSocketAddress("127.0.0.2", 27789);
  private final InetSocketAddress second = new InetSocketAddress("127.0.0.3", 27789);

  @Test
  void aFreshPairBecomesEqualAndStaysSo() {
    try (TestClusterNode alpha = new TestClusterNode(0, first, second, PeerSettings.PROTOCOL_C);
        TestClusterNode bravo = new TestClusterNode(1, second, first, PeerSettings.PROTOCOL_C)) {
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
}
