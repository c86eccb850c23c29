package io.jdrbd.state.sync;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.util.Set;

/**
 * What one node says of a volume in the handshake: its last P_UUIDS or P_UUIDS110 and P_STATE.
 *
 * @param uuids its generation identifiers; a peer's slot of all ones is one that it did not send
 * @param dirtyBits how many blocks of 4 KiB its bitmap marks towards the other
 * @param flags as sent; of the own node, those in effect now
 * @param role its role
 * @param disk its disk; for a disk that is Negotiating the state that the metadata means
 * @param quorate whether it has quorum; true where quorum is off
 * @param <U> {@link io.jdrbd.metadata.rules.Generations} or {@link
 *     io.jdrbd.metadata.rules.Generations84}
 */
public record SyncSide<U>(
    U uuids, long dirtyBits, Set<UuidFlag> flags, Role role, DiskState disk, boolean quorate) {
  public SyncSide {
    flags = Set.copyOf(flags);
  }

  boolean has(UuidFlag flag) {
    return flags.contains(flag);
  }

  boolean isPrimary() {
    return role == Role.PRIMARY;
  }

  boolean isAtLeast(DiskState other) {
    return disk.compareTo(other) >= 0;
  }

  SyncSide<U> with(U changed) {
    return new SyncSide<>(changed, dirtyBits, flags, role, disk, quorate);
  }
}
