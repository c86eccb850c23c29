package io.jdrbd.metadata.format;

/**
 * A peer record's flags. Bits without a name are carried along.
 *
 * @param bits as on disk
 */
public record PeerFlags(int bits) {
  /** No flag set. */
  public static final PeerFlags NONE = new PeerFlags(0);

  /** Whether the flag is set. */
  public boolean has(PeerFlag flag) {
    return (bits & flag.mask()) != 0;
  }

  /** The same with the flag set. */
  public PeerFlags with(PeerFlag flag) {
    return new PeerFlags(bits | flag.mask());
  }

  /** The same with the flag clear. */
  public PeerFlags without(PeerFlag flag) {
    return new PeerFlags(bits & ~flag.mask());
  }

  /** The same with the flag as given. */
  public PeerFlags set(PeerFlag flag, boolean value) {
    return value ? with(flag) : without(flag);
  }
}
