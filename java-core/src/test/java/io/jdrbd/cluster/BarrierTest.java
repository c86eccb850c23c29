package io.jdrbd.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.WriteOrdering;
import io.jdrbd.wire.ProtocolSettings;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** What a peer's barriers cost: the disk options of the node that receives them decide. */
class BarrierTest {
  private static final int WRITES = 5;

  private final InetSocketAddress first = new InetSocketAddress("127.0.0.2", 27790);
  private final InetSocketAddress second = new InetSocketAddress("127.0.0.3", 27790);

  @Test
  void eachEpochIsFlushed() {
    assertThat(flushesOfWrites(WriteOrdering.FLUSH)).isEqualTo(WRITES);
  }

  @Test
  void nothingIsFlushedWhereTheDiskNeedsNoFlush() {
    assertThat(flushesOfWrites(WriteOrdering.DRAIN)).isZero();
    assertThat(flushesOfWrites(WriteOrdering.NONE)).isZero();
  }

  /** Writes one after the other, each in an epoch of its own; all are durable at the end. */
  private int flushesOfWrites(WriteOrdering ordering) {
    try (TestClusterNode alpha =
            new TestClusterNode(0, first, second, ProtocolSettings.PROTOCOL_C);
        TestClusterNode bravo =
            new TestClusterNode(1, second, first, ProtocolSettings.PROTOCOL_C)) {
      bravo.volume.setWriteOrdering(ordering);
      alpha.promote(true);
      alpha.connect();
      bravo.connect();
      alpha.awaitInSync();
      bravo.awaitInSync();
      int before = bravo.disk.flushes();
      for (int number = 0; number < WRITES; number++) {
        alpha.write(number * 4096L, 4096, number);
      }
      alpha.awaitDurable();
      return bravo.disk.flushes() - before;
    }
  }
}
