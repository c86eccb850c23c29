package io.jdrbd.state.handshake;

/**
 * What both nodes speak from now on.
 *
 * @param protocolVersion the version
 * @param features mask of the features that both have
 */
public record FeatureAgreement(int protocolVersion, int features) {
  /** Resync requests carry dagtags. */
  public static final int RESYNC_DAGTAG = 1 << 4;

  /** Whether a feature is agreed. */
  public boolean has(int feature) {
    return (features & feature) != 0;
  }
}
