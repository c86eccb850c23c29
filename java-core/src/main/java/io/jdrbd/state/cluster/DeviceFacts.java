package io.jdrbd.state.cluster;

/**
 * What the rules need to know of a volume besides its states; kept by the caller.
 *
 * @param peerWritesInFlight a write of a peer may still be on its way to this disk
 * @param disklessByIntent it is configured to have no disk
 * @param uuidExposed users of this node have seen a generation of the data
 * @param reconciliationOwed after the loss of a Primary
 */
public record DeviceFacts(
    boolean peerWritesInFlight,
    boolean disklessByIntent,
    boolean uuidExposed,
    boolean reconciliationOwed) {
  /** The usual ones. */
  public static final DeviceFacts DEFAULT = new DeviceFacts(false, false, false, false);

  /** The same but for {@link #peerWritesInFlight}. */
  public DeviceFacts withPeerWritesInFlight(boolean wanted) {
    return new DeviceFacts(wanted, disklessByIntent, uuidExposed, reconciliationOwed);
  }

  /** The same but for {@link #disklessByIntent}. */
  public DeviceFacts withDisklessByIntent(boolean wanted) {
    return new DeviceFacts(peerWritesInFlight, wanted, uuidExposed, reconciliationOwed);
  }

  /** The same but for {@link #uuidExposed}. */
  public DeviceFacts withUuidExposed(boolean wanted) {
    return new DeviceFacts(peerWritesInFlight, disklessByIntent, wanted, reconciliationOwed);
  }

  /** The same but for {@link #reconciliationOwed}. */
  public DeviceFacts withReconciliationOwed(boolean wanted) {
    return new DeviceFacts(peerWritesInFlight, disklessByIntent, uuidExposed, wanted);
  }
}
