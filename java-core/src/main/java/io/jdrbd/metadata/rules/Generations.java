package io.jdrbd.metadata.rules;

import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The generation identifiers of a DRBD 9 node and what happens to them (spec 3.5). Immutable.
 *
 * @param nodeId the own node
 * @param current identity of the present contents
 * @param bitmap for each node id the generation that it was last in sync with; 0 is "in sync"
 * @param history former generations, newest first; 0 is empty
 */
public record Generations(int nodeId, long current, List<Long> bitmap, List<Long> history) {
  private static final long NO_SLOT = -1L;
  private static final long ALL_NODES = -1L;

  public Generations {
    bitmap = List.copyOf(bitmap);
    history = List.copyOf(history);
  }

  /** The identifiers in a superblock whose node id is set. */
  public static Generations of(SuperblockV09 superblock) {
    return new Generations(
        superblock.nodeId(),
        superblock.currentUuid(),
        superblock.peers().stream().map(peer -> peer.bitmapUuid()).toList(),
        superblock.historyUuids());
  }

  /** The superblock with these identifiers. A changed bitmap identifier gets the dagtag. */
  public SuperblockV09 into(SuperblockV09 superblock, long dagtag) {
    SuperblockV09 changed = superblock.withCurrentUuid(current).withHistoryUuids(history);
    for (int node = 0; node < SuperblockV09.NODES; node++) {
      long uuid = bitmap.get(node);
      var peer = superblock.peers().get(node);
      if (peer.bitmapUuid() != uuid) {
        changed = changed.withPeer(node, peer.withBitmapUuid(uuid, uuid == 0 ? 0 : dagtag));
      }
    }
    return changed;
  }

  /** An identifier without the bit that says "its owner was Primary"; what comparisons use. */
  public static long plain(long uuid) {
    return uuid & ~Superblock.UUID_PRIMARY;
  }

  /** The current identifier with the Primary bit as given; "just created" never has it. */
  public Generations marked(boolean primary) {
    return current == Superblock.UUID_JUST_CREATED
        ? this
        : withCurrent(primary ? current | Superblock.UUID_PRIMARY : plain(current));
  }

  /** Puts a former generation into the history, unless it is known already. */
  public Generations push(long uuid) {
    long value = plain(uuid);
    if (value == 0 || uuid == Superblock.UUID_JUST_CREATED || value == plain(current)) {
      return this;
    }
    List<Long> changed = new ArrayList<>(history);
    if (changed.getFirst() == 0) {
      changed.set(0, value);
      return withHistory(changed);
    }
    if (isInABitmap(value) || changed.contains(value)) {
      return this;
    }
    changed.removeLast();
    changed.addFirst(value);
    return withHistory(changed);
  }

  private boolean isInABitmap(long value) {
    for (int node = 0; node < bitmap.size(); node++) {
      if (node != nodeId && plain(bitmap.get(node)) == value) {
        return true;
      }
    }
    return false;
  }

  /**
   * What is known of the other nodes when a generation ends.
   *
   * @param peers the configured peers
   * @param slots for each node id its bitmap slot, -1 for none
   * @param unallocatedSlots bitmap slots that no node has
   */
  public record Cluster(List<Peer> peers, List<Integer> slots, int unallocatedSlots) {
    public Cluster {
      peers = List.copyOf(peers);
      slots = List.copyOf(slots);
    }

    boolean isConfigured(int node) {
      return peers.stream().anyMatch(peer -> peer.nodeId() == node);
    }
  }

  /**
   * A configured peer.
   *
   * @param nodeId of the peer
   * @param hasData its disk is reachable: its state is better than unknown, or Negotiating
   * @param diskless it is connected and has no disk
   */
  public record Peer(int nodeId, boolean hasData, boolean diskless) {}

  /**
   * A rotation and whom it concerns.
   *
   * @param after the identifiers afterwards
   * @param marked mask of nodes that the old generation was kept for
   */
  public record Rotation(Generations after, long marked) {}

  /**
   * Keeps the current generation for all who will not see the next one.
   *
   * @param without mask of nodes that count as unreachable, whatever their state
   * @param fresh gives a random identifier, if there is no real current one
   */
  public Rotation rotate(Cluster cluster, long without, LongSupplier fresh) {
    long previous = current == Superblock.UUID_JUST_CREATED ? fresh.getAsLong() : current;
    List<Long> changed = new ArrayList<>(bitmap);
    long marked = 0;
    for (Peer peer : cluster.peers()) {
      int node = peer.nodeId();
      boolean lastsOut = peer.diskless() && cluster.slots().get(node) < 0;
      boolean missesIt = !peer.hasData() || (without >>> node & 1) != 0;
      if (isOpen(node, previous) && !lastsOut && missesIt) {
        changed.set(node, previous);
        marked |= 1L << node;
      }
    }
    marked |= rotateForStrangers(changed, cluster, previous);
    return new Rotation(withBitmap(changed), marked);
  }

  /** Nodes that are not configured must find the generation too, should they join one day. */
  private long rotateForStrangers(List<Long> changed, Cluster cluster, long previous) {
    int spareSlots = cluster.unallocatedSlots();
    long marked = 0;
    for (int node = 0; node < changed.size(); node++) {
      if (node == nodeId || cluster.isConfigured(node) || !isOpen(node, previous)) {
        continue;
      }
      changed.set(node, previous);
      boolean hasSlot = cluster.slots().get(node) >= 0;
      if (hasSlot || spareSlots > 0) {
        marked |= 1L << node;
        spareSlots -= hasSlot ? 0 : 1;
      }
    }
    return marked;
  }

  private boolean isOpen(int node, long previous) {
    return bitmap.get(node) == 0 || bitmap.get(node) == previous;
  }

  /** What a rotation and its reason lead to; {@code due} is false where nothing has to change. */
  public record NewCurrent(Generations after, boolean due) {}

  /**
   * Begins a new generation.
   *
   * @param forced mask of connected peers whose disk is Inconsistent, where the promotion is
   *     forced; else 0
   * @param primary whether this node is Primary
   * @param random gives random identifiers
   */
  public NewCurrent newCurrent(Cluster cluster, long forced, boolean primary, LongSupplier random) {
    boolean first =
        plain(current) != Superblock.UUID_JUST_CREATED
            && current != 0
            && history.stream().allMatch(uuid -> uuid == 0)
            && bitmap.stream().allMatch(uuid -> uuid == 0);
    Rotation rotation = rotate(cluster, forced, random);
    if (rotation.marked() == 0 && !first) {
      return new NewCurrent(this, false);
    }
    Generations after = rotation.after().withCurrent(random.getAsLong()).marked(primary);
    return new NewCurrent(first ? after.push(current) : after, true);
  }

  /**
   * A connected Primary began a new generation, and this node has its data.
   *
   * @param uuid the new generation
   * @param weak mask of nodes that do not have it
   */
  public Generations received(
      long uuid,
      long weak,
      Cluster cluster,
      boolean upToDate,
      boolean primary,
      LongSupplier fresh) {
    Generations changed = upToDate ? rotate(cluster, weak, fresh).after() : this;
    List<Long> replaced = new ArrayList<>();
    List<Long> slots = new ArrayList<>(changed.bitmap);
    for (int node = 0; node < slots.size(); node++) {
      boolean hasIt = (weak >>> node & 1) == 0;
      if (hasIt && slots.get(node) != 0 && cluster.slots().get(node) >= 0) {
        replaced.add(slots.get(node));
        slots.set(node, uuid);
      }
    }
    changed = changed.withBitmap(slots).withCurrent(uuid).marked(primary);
    for (long old : replaced) {
      changed = changed.push(old);
    }
    return changed.push(current);
  }

  /** The first generation of data that all configured peers have already. */
  public Generations firstOfAll(Cluster cluster, boolean primary, LongSupplier random) {
    Generations begun = rotate(cluster, ALL_NODES, random).after();
    for (Peer peer : cluster.peers()) {
      begun = begun.withBitmap(peer.nodeId(), 0);
    }
    return begun.withCurrent(random.getAsLong()).marked(primary);
  }

  /** A node is declared to have the same data as a peer, and this is its name. */
  public Generations declaredAlike(long uuid, boolean primary) {
    return withBitmap(Collections.nCopies(bitmap.size(), 0L)).withCurrent(uuid).marked(primary);
  }

  /** The peer has the same data: nothing is tracked for it any more. */
  public Generations inSyncWith(int node) {
    long old = bitmap.get(node);
    return old == 0 ? this : withBitmap(node, 0).push(old);
  }

  /** A full resync to a node begins: from now on its own generation is what it is tracked from. */
  public Generations tracks(int node, long uuid) {
    return withBitmap(node, uuid).push(bitmap.get(node));
  }

  /** A resync to a node of 8.4 was begun here, but that node never learned of it. */
  public Generations resyncNeverStarted(int node) {
    List<Long> changed = new ArrayList<>(history.subList(1, history.size()));
    changed.add(0L);
    return withBitmap(node, history.getFirst()).withHistory(changed);
  }

  /**
   * A resync with this node as target begins.
   *
   * @param sourceSlotForMe what the source keeps for this node
   */
  public Generations resyncStarts(long sourceSlotForMe, Cluster cluster, LongSupplier fresh) {
    boolean adopts = current == Superblock.UUID_JUST_CREATED && sourceSlotForMe != 0;
    Generations started = adopts ? withCurrent(sourceSlotForMe) : this;
    return started.rotate(cluster, 0, fresh).after();
  }

  /**
   * A stable resync with this node as target is complete.
   *
   * @param source what the source said of itself; a slot of all ones is none
   * @param alike mask of connected peers with a disk whose generation is the source's
   * @param slots for each node id its bitmap slot here, -1 for none
   * @param startUuid the own current generation when the resync began
   */
  public Generations resyncFinished(
      Generations source, long alike, List<Integer> slots, long startUuid) {
    Generations changed = this;
    for (long uuid : source.history) {
      changed = changed.push(uuid);
    }
    for (long uuid : source.bitmap) {
      changed = uuid == NO_SLOT ? changed : changed.push(uuid);
    }
    for (int node = 0; node < bitmap.size(); node++) {
      if (node != nodeId && slots.get(node) >= 0) {
        long theirs = source.bitmap.get(node);
        boolean misses = theirs != 0 && theirs != NO_SLOT && (alike >>> node & 1) == 0;
        long old = changed.bitmap.get(node);
        changed = changed.withBitmap(node, misses ? startUuid : 0).push(old);
      }
    }
    return changed.withCurrent(source.current);
  }

  Generations withCurrent(long uuid) {
    return new Generations(nodeId, uuid, bitmap, history);
  }

  private Generations withBitmap(int node, long uuid) {
    List<Long> changed = new ArrayList<>(bitmap);
    changed.set(node, uuid);
    return withBitmap(changed);
  }

  private Generations withBitmap(List<Long> uuids) {
    return new Generations(nodeId, current, uuids, history);
  }

  private Generations withHistory(List<Long> uuids) {
    return new Generations(nodeId, current, bitmap, uuids);
  }
}
