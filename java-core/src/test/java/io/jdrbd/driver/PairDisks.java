package io.jdrbd.driver;

import io.jdrbd.connection.SessionSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The disks of two nodes, which may run more than once.
 *
 * @param first of node 0
 * @param second of node 1
 */
record PairDisks(DiskFile first, DiskFile second) {
  private static final int NEWEST = 122;

  /** Two fresh ones, with metadata. */
  static PairDisks create(Path directory) throws IOException {
    return new PairDisks(
        DiskFile.create(directory.resolve("alpha")), DiskFile.create(directory.resolve("bravo")));
  }

  /** Two nodes that are not attached, and speak the newest version. */
  TestPair nodes() {
    return nodes(NEWEST, Map.of());
  }

  /**
   * The same with another version.
   *
   * @param version 101 or 122
   */
  TestPair nodes(int version) {
    return nodes(version, Map.of());
  }

  /** The same with options of their connection. */
  TestPair nodes(Map<String, String> net) {
    return nodes(NEWEST, net);
  }

  /** The same with both. */
  TestPair nodes(int version, Map<String, String> net) {
    SessionSettings.Versions versions =
        version == NEWEST ? ClusterDriver.UP_TO_122 : ClusterDriver.UP_TO_101;
    return new TestPair(
        new TestNode(0, first, net, versions), new TestNode(1, second, net, versions));
  }
}
