package io.jdrbd.metadata.rules;

import io.jdrbd.metadata.format.Superblock;
import java.util.ArrayList;
import java.util.List;

/**
 * What a resync with a peer below protocol version 110 does to the generation identifiers of a DRBD
 * 9 node: the source invents an identifier for the resync, and the target takes it (spec 3.5.5).
 */
public final class OldPeerGenerations {
  private static final long SYNC_STEP = 1L << 48;

  private OldPeerGenerations() {}

  /** The identifier of a resync with this node as source. */
  public static long syncUuid(Generations own, int peer, long random) {
    long slot = own.bitmap().get(peer);
    return slot == 0 || slot == Superblock.UUID_JUST_CREATED ? random : slot + SYNC_STEP;
  }

  /** A resync with this node as source begins. */
  public static Generations startsAsSource(Generations own, int peer, long syncUuid) {
    long old = own.bitmap().get(peer);
    return withSlot(own, peer, syncUuid).push(old);
  }

  /** A resync with this node as target begins. */
  public static Generations startsAsTarget(Generations own, int peer, long syncUuid) {
    return withSlot(withCurrent(own, syncUuid), peer, 0);
  }

  /**
   * A resync with this node as target is complete.
   *
   * @param source as it said of itself before the resync
   * @param primary whether this node is Primary
   */
  public static Generations finishedAsTarget(Generations own, Generations source, boolean primary) {
    long syncUuid = own.current();
    Generations changed =
        withSlot(withCurrent(own, source.current()), source.nodeId(), 0).marked(primary);
    List<Long> former = new ArrayList<>(source.history().reversed());
    former.add(source.bitmap().get(own.nodeId()));
    former.add(syncUuid);
    for (long uuid : former) {
      changed = changed.push(uuid);
    }
    return changed;
  }

  private static Generations withCurrent(Generations own, long uuid) {
    return new Generations(own.nodeId(), uuid, own.bitmap(), own.history());
  }

  private static Generations withSlot(Generations own, int peer, long uuid) {
    List<Long> slots = new ArrayList<>(own.bitmap());
    slots.set(peer, uuid);
    return new Generations(own.nodeId(), own.current(), slots, own.history());
  }
}
