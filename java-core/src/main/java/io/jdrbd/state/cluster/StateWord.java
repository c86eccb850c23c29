package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The 32-bit word of P_STATE (spec 4.1.2), from the view of the node that sends it.
 *
 * @param role of the sender
 * @param peerRole of the receiver, as the sender sees it
 * @param connection the state of the connection
 * @param replication the state of the volume on it; Off below Connected
 * @param disk the sender's
 * @param peerDisk the receiver's, as the sender sees it
 * @param flags the rest
 */
public record StateWord(
    Role role,
    Role peerRole,
    ConnectionState connection,
    ReplicationState replication,
    DiskState disk,
    DiskState peerDisk,
    Set<Flag> flags) {

  private static final int PEER_SHIFT = 2;
  private static final int CONN_SHIFT = 4;
  private static final int DISK_SHIFT = 9;
  private static final int PEER_DISK_SHIFT = 13;
  private static final int ROLE_MASK = 3;
  private static final int CONN_MASK = 31;
  private static final int DISK_MASK = 15;

  /** The bits above the states. */
  public enum Flag {
    /** I/O is suspended: by the administrator, for lack of quorum, until a new UUID is written. */
    SUSPENDED(17),
    /** Resync is paused by a dependency. */
    PAUSED_BY_DEPENDENCY(18),
    /** Resync is paused because the receiver asked for it. */
    PAUSED_BY_PEER(19),
    /** Resync is paused by the sender's administrator. */
    PAUSED_BY_USER(20),
    /** I/O is suspended for lack of data. */
    SUSPENDED_NO_DATA(21),
    /** I/O is suspended until a peer is fenced. */
    SUSPENDED_FENCING(22),
    /** The sender has quorum for this volume; never set by 8.4. */
    QUORUM(23);

    private final int mask;

    Flag(int bit) {
      this.mask = 1 << bit;
    }
  }

  /** Copies the flags. */
  public StateWord {
    flags = Set.copyOf(flags);
  }

  /** The word about a volume towards a peer. */
  public static StateWord of(ResourceSnapshot resource, int peer, int volume) {
    ConnectionSnapshot connection = resource.connection(peer);
    VolumeSnapshot own = resource.volume(volume);
    PeerDeviceSnapshot device = connection.device(volume);
    return new StateWord(
        resource.role(),
        connection.peerRole(),
        connection.state(),
        device.replication(),
        own.disk(),
        device.disk(),
        flags(resource, own, device));
  }

  private static Set<Flag> flags(
      ResourceSnapshot resource, VolumeSnapshot own, PeerDeviceSnapshot device) {
    EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
    Suspension suspension = resource.suspension();
    ResyncPause pause = device.pause();
    add(flags, Flag.SUSPENDED, suspension.user() || suspension.quorum() || suspension.uuid());
    add(flags, Flag.PAUSED_BY_DEPENDENCY, pause.byUs() || device.isBadSource(own.disk()));
    add(flags, Flag.PAUSED_BY_PEER, pause.peer());
    add(flags, Flag.PAUSED_BY_USER, pause.user());
    add(flags, Flag.SUSPENDED_NO_DATA, suspension.noData());
    add(flags, Flag.SUSPENDED_FENCING, resource.isSuspendedByFencing());
    add(flags, Flag.QUORUM, own.hasQuorum());
    return flags;
  }

  private static void add(Set<Flag> flags, Flag flag, boolean present) {
    if (present) {
      flags.add(flag);
    }
  }

  /** The word as it is sent. */
  public int pack(DiskNumbering numbering) {
    int conn = replication == ReplicationState.OFF ? connection.number() : replication.number();
    int word =
        role.number()
            | peerRole.number() << PEER_SHIFT
            | conn << CONN_SHIFT
            | numbering.toWire(disk) << DISK_SHIFT
            | numbering.toWire(peerDisk) << PEER_DISK_SHIFT;
    for (Flag flag : flags) {
      word |= flag.mask;
    }
    return word;
  }

  /** The states of a word that was received; empty if it holds a number that no state has. */
  public static Optional<StateWord> unpack(int word, DiskNumbering numbering) {
    int conn = word >>> CONN_SHIFT & CONN_MASK;
    Optional<Role> role = Numbered.role(word & ROLE_MASK);
    Optional<Role> peerRole = Numbered.role(word >>> PEER_SHIFT & ROLE_MASK);
    Optional<ReplicationState> replication = Numbered.replication(conn);
    Optional<DiskState> disk = Numbered.disk(numbering.toOwn(word >>> DISK_SHIFT & DISK_MASK));
    Optional<DiskState> peerDisk =
        Numbered.disk(numbering.toOwn(word >>> PEER_DISK_SHIFT & DISK_MASK));
    boolean known =
        role.isPresent()
            && peerRole.isPresent()
            && replication.isPresent()
            && disk.isPresent()
            && peerDisk.isPresent();
    return known
        ? Optional.of(
            new StateWord(
                role.get(),
                peerRole.get(),
                Numbered.connection(conn),
                replication.get(),
                disk.get(),
                peerDisk.get(),
                flags(word)))
        : Optional.empty();
  }

  private static Set<Flag> flags(int word) {
    EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
    for (Flag flag : Flag.values()) {
      add(flags, flag, (word & flag.mask) != 0);
    }
    return flags;
  }

  /** Whether the receiver must pause its resync with the sender. */
  public boolean asksForPause() {
    return flags.contains(Flag.PAUSED_BY_DEPENDENCY) || flags.contains(Flag.PAUSED_BY_USER);
  }

  /** Whether the sender has quorum. */
  public boolean hasQuorum() {
    return flags.contains(Flag.QUORUM);
  }
}
