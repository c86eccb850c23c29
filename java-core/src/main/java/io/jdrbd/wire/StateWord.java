package io.jdrbd.wire;

/**
 * The 32-bit state of a volume towards one peer, from the sender's point of view (spec 3.3, 4.1.2).
 * The fields are numbers of the wire; those of disk states are DRBD 9's, except in the requests
 * below version 110, which are never translated (spec 4.9.3).
 *
 * @param bits as on the wire
 */
public record StateWord(int bits) {
  /** I/O is suspended by command, for want of quorum, or until a new generation is made. */
  public static final int SUSPENDED = 1 << 17;

  /** The resync is paused by a dependency. */
  public static final int AFTER_ISP = 1 << 18;

  /** The resync is paused because the peer asked. */
  public static final int PEER_ISP = 1 << 19;

  /** The resync is paused by command. */
  public static final int USER_ISP = 1 << 20;

  /** I/O is suspended because there is no data. */
  public static final int SUSPENDED_NO_DATA = 1 << 21;

  /** I/O is suspended while the fencing handler runs. */
  public static final int SUSPENDED_FENCING = 1 << 22;

  /** The sender has quorum; always 0 from 8.4. */
  public static final int QUORUM = 1 << 23;

  /** The field {@code role} as a mask. */
  public static final int ROLE = 3;

  /** The field {@code peer} as a mask. */
  public static final int PEER = 3 << 2;

  /** The field {@code conn} as a mask. */
  public static final int CONN = 31 << 4;

  /** The field {@code disk} as a mask. */
  public static final int DISK = 15 << 9;

  /** The field {@code pdsk} as a mask. */
  public static final int PDSK = 15 << 13;

  private static final int PEER_SHIFT = 2;
  private static final int CONN_SHIFT = 4;
  private static final int DISK_SHIFT = 9;
  private static final int PDSK_SHIFT = 13;

  /**
   * A word of its fields.
   *
   * @param flags some of {@link #SUSPENDED} to {@link #QUORUM}
   */
  public static StateWord of(int role, int peer, int conn, int disk, int pdsk, int flags) {
    return new StateWord(
        role
            | (peer << PEER_SHIFT)
            | (conn << CONN_SHIFT)
            | (disk << DISK_SHIFT)
            | (pdsk << PDSK_SHIFT)
            | flags);
  }

  /** The sender's role: 1 Primary, 2 Secondary. */
  public int role() {
    return bits & ROLE;
  }

  /** The receiver's role as the sender sees it. */
  public int peer() {
    return (bits & PEER) >>> PEER_SHIFT;
  }

  /** Connection state up to 9, replication state above. */
  public int conn() {
    return (bits & CONN) >>> CONN_SHIFT;
  }

  /** The sender's disk state. */
  public int disk() {
    return (bits & DISK) >>> DISK_SHIFT;
  }

  /** The receiver's disk state as the sender sees it. */
  public int pdsk() {
    return (bits & PDSK) >>> PDSK_SHIFT;
  }

  /** Whether one of these flags is set. */
  public boolean has(int flags) {
    return (bits & flags) != 0;
  }

  /** The same with other numbers of disk states. */
  StateWord withDisks(int disk, int pdsk) {
    return new StateWord((bits & ~(DISK | PDSK)) | (disk << DISK_SHIFT) | (pdsk << PDSK_SHIFT));
  }

  @Override
  public String toString() {
    return "%08x".formatted(bits);
  }
}
