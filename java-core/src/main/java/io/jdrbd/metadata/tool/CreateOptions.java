package io.jdrbd.metadata.tool;

import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;

/**
 * What new metadata shall be like.
 *
 * @param maxPeers bitmap slots, 1 to 31; 1 for v08
 * @param granularity what one bit stands for
 * @param al shape of the activity log
 * @param effectiveSizeSectors agreed size; 0 where there is none yet
 * @param peerMaxBioBytes the peer's largest request, 0 to 1 MiB
 * @param peersWithDisk mask of nodes known to have a disk
 * @param ignoreSanityChecks what cannot be kept, or may not, is only asked about
 */
public record CreateOptions(
    int maxPeers,
    BitGranularity granularity,
    AlGeometry al,
    long effectiveSizeSectors,
    int peerMaxBioBytes,
    int peersWithDisk,
    boolean ignoreSanityChecks) {
  private static final int MAX_PEERS = 31;
  private static final int MAX_BIO_BYTES = 1 << 20;

  public CreateOptions {
    if (maxPeers < 1 || maxPeers > MAX_PEERS) {
      throw new IllegalArgumentException(
          "max-peers %d: must be from 1 to %d".formatted(maxPeers, MAX_PEERS));
    }
    if (peerMaxBioBytes < 0 || peerMaxBioBytes > MAX_BIO_BYTES) {
      throw new IllegalArgumentException(
          "peer-max-bio-size %d: must be from 0 to %d".formatted(peerMaxBioBytes, MAX_BIO_BYTES));
    }
    if (effectiveSizeSectors < 0) {
      throw new IllegalArgumentException(
          "effective-size %d sectors: must not be negative".formatted(effectiveSizeSectors));
    }
  }

  /** Nothing but the number of peers given. */
  public static CreateOptions of(int maxPeers) {
    return new CreateOptions(maxPeers, BitGranularity.DEFAULT, AlGeometry.DEFAULT, 0, 0, 0, false);
  }
}
