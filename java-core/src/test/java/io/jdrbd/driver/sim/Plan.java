package io.jdrbd.driver.sim;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.driver.ClusterDriver;
import java.util.Random;

/**
 * What a run is to be like; all of it follows from the seed.
 *
 * @param protocol A, B or C
 * @param digest the data-integrity-alg, empty for none
 * @param secret by which the nodes prove themselves, empty for none
 * @param afterSplitBrain the policy after-sb-1pri
 * @param fresh the disks have just been created, so that a full sync comes first
 * @param depth how many requests the application has in flight at most
 * @param diskDelayMaxNs of each request to a disk
 * @param events how many things happen to the cluster
 * @param versions of DRBD's protocol that are offered
 */
record Plan(
    String protocol,
    String digest,
    String secret,
    String afterSplitBrain,
    boolean fresh,
    int depth,
    long diskDelayMaxNs,
    int events,
    SessionSettings.Versions versions) {
  /** What nodes do after a split brain where nothing is configured. */
  static final String DISCONNECT = "disconnect";

  private static final int EVENTS_MAX = 24;

  /** {@code -Djdrbd.sim.versions=122} or {@code 101}: the same in all runs. */
  private static final int VERSION_MAX = Integer.getInteger("jdrbd.sim.versions", 0);

  static Plan of(Random random) {
    return new Plan(
        random.nextInt(2) == 0 ? "C" : random.nextBoolean() ? "A" : "B",
        random.nextInt(4) == 0 ? "crc32c" : "",
        random.nextInt(8) == 0 ? "rosebud" : "",
        random.nextBoolean() ? DISCONNECT : "discard-secondary",
        random.nextInt(25) == 0,
        1 + random.nextInt(8),
        random.nextInt(4) == 0 ? 20_000_000 : 1_000_000,
        1 + random.nextInt(EVENTS_MAX),
        versions(random));
  }

  private static SessionSettings.Versions versions(Random random) {
    boolean old = random.nextBoolean();
    return switch (VERSION_MAX) {
      case 101 -> ClusterDriver.UP_TO_101;
      case 122 -> ClusterDriver.UP_TO_122;
      default -> old ? ClusterDriver.UP_TO_101 : ClusterDriver.UP_TO_122;
    };
  }
}
