package io.jdrbd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Verdict;
import java.io.IOException;

/**
 * Two nodes that are each other's peer.
 *
 * @param alpha node 0
 * @param bravo node 1
 */
record TestPair(TestNode alpha, TestNode bravo) implements AutoCloseable {

  static void assertPassed(Verdict verdict) {
    assertThat(verdict.ok()).as(verdict.toString()).isTrue();
  }

  /** Both attach their disks. */
  void attach() {
    assertPassed(alpha.attach());
    assertPassed(bravo.attach());
  }

  /** Both look for each other. */
  void connect() {
    assertPassed(alpha.connect());
    assertPassed(bravo.connect());
  }

  /** Alpha is Primary and has written, and bravo has the same by a resync. */
  void begin() {
    attach();
    assertPassed(alpha.primary(true));
    alpha.write(0, 65536, 1);
    connect();
    awaitInSync();
  }

  /** Fresh disks are declared equal; both nodes are Secondary. */
  void beginFresh() {
    attach();
    connect();
    alpha.awaitState(ConnectionState.CONNECTED);
    bravo.awaitState(ConnectionState.CONNECTED);
    alpha.awaitEstablished();
    assertPassed(alpha.newGeneration());
    awaitInSync();
  }

  /** Waits until both say that both have all. */
  void awaitInSync() {
    alpha.awaitInSync();
    bravo.awaitInSync();
  }

  /** Waits until both use as much of their disks. */
  void awaitSize(long bytes) {
    alpha.awaitSize(bytes);
    bravo.awaitSize(bytes);
  }

  /** Both have the same in the end. */
  void assertEqual() throws IOException {
    awaitInSync();
    assertThat(alpha.data()).isEqualTo(bravo.data());
  }

  @Override
  public void close() {
    try (alpha;
        bravo) {
      // bravo first, and alpha whatever comes of that
    }
  }
}
