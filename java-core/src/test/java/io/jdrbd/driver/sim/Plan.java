package io.jdrbd.driver.sim;

import java.util.Random;

/**
 * What a run is to be like; all of it follows from the seed.
 *
 * @param protocol A, B or C
 * @param digest the data-integrity-alg, empty for none
 * @param fresh the disks have just been created, so that a full sync comes first
 * @param depth how many requests the application has in flight at most
 * @param diskDelayMaxNs of each request to a disk
 * @param events how many things happen to the cluster
 */
record Plan(
    String protocol, String digest, boolean fresh, int depth, long diskDelayMaxNs, int events) {
  private static final int EVENTS_MAX = 24;

  static Plan of(Random random) {
    return new Plan(
        random.nextInt(2) == 0 ? "C" : random.nextBoolean() ? "A" : "B",
        random.nextInt(4) == 0 ? "crc32c" : "",
        random.nextInt(25) == 0,
        1 + random.nextInt(8),
        random.nextInt(4) == 0 ? 20_000_000 : 1_000_000,
        1 + random.nextInt(EVENTS_MAX));
  }
}
