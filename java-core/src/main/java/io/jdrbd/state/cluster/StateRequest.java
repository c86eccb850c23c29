package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.Optional;

/**
 * A change that a node asks others to agree to: mask and value as in P_STATE_CHG_REQ,
 * P_CONN_ST_CHG_REQ and P_TWOPC_PREPARE (spec 4.9, 4.10). Only the states whose bits are in the
 * mask are to change.
 *
 * @param mask the bits that change
 * @param value their new values
 */
public record StateRequest(int mask, int value) {
  private static final int ROLE = 0x3;
  private static final int PEER = 0xc;
  private static final int CONN = 0x1f0;
  private static final int DISK = 0x1e00;
  private static final int PEER_DISK = 0x1e000;
  private static final int PAUSED_BY_DEPENDENCY = 1 << 18;
  private static final int PAUSED_BY_PEER = 1 << 19;
  private static final int PAUSED_BY_USER = 1 << 20;

  private static final int CONN_SHIFT = 4;
  private static final int DISK_SHIFT = 9;
  private static final int PEER_DISK_SHIFT = 13;

  /** What 9.x sends for Outdated below protocol version 110, where it means DUnknown. */
  private static final int OUTDATED_UNSHIFTED = 6;

  /** Who is outdated by a disconnect that was asked for. */
  public enum Outdates {
    NOBODY,
    /** The disk of the node that asks. */
    ME,
    /** The disk of the node that is asked. */
    YOU
  }

  /** The own role becomes another. */
  public static StateRequest role(Role role) {
    return new StateRequest(ROLE, role.number());
  }

  /** The node becomes Primary, and its disk counts as UpToDate from then on. */
  public static StateRequest forcedPromotion(DiskNumbering numbering) {
    return new StateRequest(
        ROLE | DISK, Role.PRIMARY.number() | numbering.toWire(DiskState.UP_TO_DATE) << DISK_SHIFT);
  }

  /** The connection ends, in good order. */
  public static StateRequest disconnect(Outdates outdates, DiskNumbering numbering) {
    int value = ConnectionState.DISCONNECTING.number() << CONN_SHIFT;
    int outdated = numbering.toWire(DiskState.OUTDATED);
    return switch (outdates) {
      case NOBODY -> new StateRequest(CONN, value);
      case ME -> new StateRequest(CONN | DISK, value | outdated << DISK_SHIFT);
      case YOU -> new StateRequest(CONN | PEER_DISK, value | outdated << PEER_DISK_SHIFT);
    };
  }

  /** The connection comes about (only with two-phase commit); the other node learns the role. */
  public static StateRequest connect(Role role) {
    return new StateRequest(
        CONN | ROLE, ConnectionState.CONNECTED.number() << CONN_SHIFT | role.number());
  }

  /** The own disk is detached. */
  public static StateRequest detach() {
    return disk(DiskState.DETACHING);
  }

  /** The own disk was attached and is to be compared with the others (two-phase commit). */
  public static StateRequest attach() {
    return disk(DiskState.NEGOTIATING);
  }

  private static StateRequest disk(DiskState disk) {
    return new StateRequest(DISK, disk.number() << DISK_SHIFT);
  }

  /** A full resync, a bitmap resync or a verify begins, with this state at the node that asks. */
  public static StateRequest replication(ReplicationState replication) {
    return new StateRequest(CONN, replication.number() << CONN_SHIFT);
  }

  /** The volume is to be removed: 8.4 asks for it. */
  boolean isVolumeRemoval() {
    return mask == CONN && value == ReplicationState.OFF.number() << CONN_SHIFT;
  }

  /** Nothing changes: the empty transaction. */
  public boolean isEmpty() {
    return mask == 0;
  }

  /** Whether the connection itself is to end. */
  public boolean isDisconnect() {
    return (mask & CONN) != 0 && conn() == ConnectionState.DISCONNECTING.number();
  }

  /** Whether the connection itself is to come about. */
  public boolean isConnect() {
    return (mask & CONN) != 0 && conn() == ConnectionState.CONNECTED.number();
  }

  /** Whether the node that asks changes its role, and nothing of a connection. */
  public boolean changesRole() {
    return (mask & ROLE) != 0 && (mask & CONN) == 0;
  }

  /** Whether the node that asks becomes Primary by it. */
  public boolean isPromotion() {
    return changesRole() && (value & ROLE) == Role.PRIMARY.number();
  }

  /** Whether a volume is to be in this state at the node that asks. */
  public boolean asksFor(ReplicationState replication) {
    return (mask & CONN) != 0 && conn() == replication.number();
  }

  private int conn() {
    return (value & CONN) >>> CONN_SHIFT;
  }

  /** The same as the other node sees it (spec 4.9.1). */
  public StateRequest mirrored() {
    return new StateRequest(mirrored(mask), mirrored(value));
  }

  private static int mirrored(int word) {
    boolean pauses = (word & (PAUSED_BY_DEPENDENCY | PAUSED_BY_USER)) != 0;
    return (word & ROLE) << 2
        | (word & PEER) >>> 2
        | mirroredConn((word & CONN) >>> CONN_SHIFT) << CONN_SHIFT
        | (word & DISK) << (PEER_DISK_SHIFT - DISK_SHIFT)
        | (word & PEER_DISK) >>> (PEER_DISK_SHIFT - DISK_SHIFT)
        | (pauses ? PAUSED_BY_PEER : 0);
  }

  private static int mirroredConn(int conn) {
    return switch (conn) {
      case 1 -> 7;
      case 8, 9, 10, 31 -> conn;
      case 11 -> 12;
      case 12 -> 11;
      case 13 -> 14;
      case 14 -> 13;
      case 18 -> 19;
      default -> 0;
    };
  }

  /**
   * What the connection becomes, where this request is seen from the own side: as this node asks
   * it, or mirrored. Empty if it names a state that does not exist.
   */
  Optional<ConnectionSnapshot> applyTo(ConnectionSnapshot connection) {
    ConnectionSnapshot changed = connection;
    if ((mask & PEER) != 0) {
      Optional<Role> role = Numbered.role((value & PEER) >>> 2);
      if (role.isEmpty()) {
        return Optional.empty();
      }
      changed = changed.withPeerRole(role.get());
    }
    if ((mask & CONN) != 0 && conn() <= ConnectionState.CONNECTED.number()) {
      changed = changed.withState(Numbered.connection(conn()));
    }
    return Optional.of(changed);
  }

  /** What a volume on the connection becomes; empty if it names a state that does not exist. */
  Optional<PeerDeviceSnapshot> applyTo(PeerDeviceSnapshot device, DiskNumbering numbering) {
    PeerDeviceSnapshot changed = device;
    if ((mask & CONN) != 0 && conn() >= ConnectionState.CONNECTED.number()) {
      Optional<ReplicationState> replication = Numbered.replication(conn());
      if (replication.isEmpty()) {
        return Optional.empty();
      }
      changed = changed.withReplication(replication.get());
    }
    if ((mask & PEER_DISK) != 0) {
      Optional<DiskState> disk = disk((value & PEER_DISK) >>> PEER_DISK_SHIFT, numbering);
      if (disk.isEmpty()) {
        return Optional.empty();
      }
      changed = changed.withDisk(disk.get());
    }
    if ((mask & PAUSED_BY_PEER) != 0) {
      boolean pauses = (value & PAUSED_BY_PEER) != 0;
      changed = changed.withPause(changed.pause().withPeer(pauses));
    }
    return Optional.of(changed);
  }

  /** What the own disk becomes; empty if it names a state that does not exist. */
  Optional<VolumeSnapshot> applyTo(VolumeSnapshot volume, DiskNumbering numbering) {
    return (mask & DISK) == 0
        ? Optional.of(volume)
        : disk((value & DISK) >>> DISK_SHIFT, numbering).map(volume::withDisk);
  }

  /**
   * Neither 9.2 nor 9.3 converts the numbers of disk states in requests below protocol version 110:
   * Detaching is 2 with all, and what 9.x calls Outdated in a disconnect is 8.4's DUnknown.
   */
  private Optional<DiskState> disk(int number, DiskNumbering numbering) {
    if (numbering == DiskNumbering.VERSION_9 || number == DiskState.DETACHING.number()) {
      return Numbered.disk(number);
    }
    boolean ends = (mask & CONN) != 0 && conn() < ConnectionState.CONNECTED.number();
    if (number == OUTDATED_UNSHIFTED && ends) {
      return Optional.of(DiskState.OUTDATED);
    }
    return number == DiskState.UP_TO_DATE.number()
        ? Optional.of(DiskState.UP_TO_DATE)
        : Numbered.disk(numbering.toOwn(number));
  }
}
