package io.jdrbd.metadata.attached;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.Extents;
import io.jdrbd.metadata.format.Superblock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Writes, flushes, promotes and demotes at random, and replicates its writes to those peers that
 * are connected. Never has two writes to the same block under way.
 */
final class SimApplication {
  private static final int BLOCKS_PER_EXTENT = Extents.BYTES / CrashWorld.BLOCK_BYTES;
  private static final int IN_FLIGHT_MAX = 12;
  private static final long PAUSE_NS_MAX = 400_000;
  private static final long NETWORK_NS_MAX = 2_000_000;

  private final Map<Long, Integer> newest;

  private final CrashWorld world;
  private final Random random;
  private final List<SimWrite> inFlight = new ArrayList<>();
  private final Set<Long> busy = new HashSet<>();
  private final Map<Long, Integer> completed = new HashMap<>();
  private int left;
  private boolean primary;
  private boolean changingRole;
  private boolean finished;
  private boolean started;
  private boolean stopped;

  SimApplication(CrashWorld world, int writes) {
    this.world = world;
    this.random = world.random();
    this.newest = world.newest();
    this.left = writes;
  }

  void start() {
    changeRole(true);
  }

  boolean isFinished() {
    return finished;
  }

  Set<Long> everWritten() {
    return newest.keySet();
  }

  /** What a peer holds if the power goes now: what is under way to it may arrive or not. */
  Map<Long, Integer> contentOf(SimPeer peer, Random dice) {
    Map<Long, Integer> content = new HashMap<>(peer.content());
    for (SimWrite write : inFlight) {
      if (write.isUnderWayTo(peer) && dice.nextBoolean()) {
        write.putInto(content);
      }
    }
    return content;
  }

  /** The power went: what was under way to a peer arrives or not. */
  void settle(Random dice) {
    for (SimPeer peer : world.peers()) {
      Map<Long, Integer> content = contentOf(peer, dice);
      peer.content().putAll(content);
    }
  }

  /** The node is gone: nothing that was planned happens. */
  void stop() {
    stopped = true;
    inFlight.forEach(SimWrite::releaseBuffer);
    inFlight.clear();
  }

  private void next() {
    if (left == 0 && inFlight.isEmpty()) {
      finished = true;
      return;
    }
    world.loop().schedule(random.nextLong(PAUSE_NS_MAX), this::act);
  }

  private void act() {
    if (stopped) {
      return;
    }
    int choice = random.nextInt(100);
    if (choice < 3 && !changingRole) {
      changeRole(!primary);
    } else if (choice < 6) {
      world.peers().get(random.nextInt(world.peers().size())).toggle();
    } else if (choice < 12) {
      flush();
    } else if (choice < 20) {
      resyncOne();
    } else if (choice < 22) {
      world.backing().writeBitmap(error -> {});
    } else if (primary && !changingRole && left > 0 && inFlight.size() < IN_FLIGHT_MAX) {
      left--;
      write();
    } else if (!primary && !changingRole) {
      changeRole(true);
    }
    next();
  }

  /** A demotion waits for the writes that are under way. */
  private void changeRole(boolean toPrimary) {
    changingRole = true;
    if (!toPrimary && !inFlight.isEmpty() && !stopped) {
      world.loop().schedule(PAUSE_NS_MAX, () -> changeRole(false));
      return;
    }
    Completion done =
        error -> {
          primary = toPrimary;
          changingRole = false;
          if (!started) {
            started = true;
            next();
          }
        };
    if (toPrimary) {
      world.backing().updateSuperblock(superblock -> withRole(superblock, true), done);
    } else {
      world.backing().settle(superblock -> withRole(superblock, false), done);
    }
  }

  private static Superblock withRole(Superblock superblock, boolean primary) {
    return superblock.withFlags(
        superblock
            .flags()
            .without(DeviceFlag.AL_CLEAN)
            .set(DeviceFlag.PRIMARY_IND, primary)
            .set(DeviceFlag.CRASHED_PRIMARY, primary));
  }

  private void flush() {
    Map<Long, Integer> covered = new HashMap<>(completed);
    world
        .data()
        .submit(
            new Step(
                    error ->
                        covered.forEach(
                            (block, version) -> world.safe().merge(block, version, Math::max)))
                .flush());
  }

  private void write() {
    int blocks = random.nextInt(10) == 0 ? random.nextInt(1, 40) : 1;
    long extent = random.nextLong(Math.ceilDiv(world.blocks(), BLOCKS_PER_EXTENT));
    long first =
        Math.min(
            extent * BLOCKS_PER_EXTENT + random.nextLong(BLOCKS_PER_EXTENT),
            world.blocks() - blocks);
    for (long block = first; block < first + blocks; block++) {
      if (busy.contains(block)) {
        return;
      }
    }
    SimWrite write = new SimWrite(first, blocks);
    inFlight.add(write);
    write.start();
  }

  /**
   * Sends one marked block to a connected peer, as a resync does; not one that only a crash has put
   * together, as the peer's content is kept by version.
   */
  private void resyncOne() {
    SimPeer peer = world.peers().get(random.nextInt(world.peers().size()));
    int sectorsPerBit = world.backing().bitmap().area().granularity().bytesPerBit();
    long bits = world.backing().bitmap().bits();
    long bit = world.backing().bitmap().next(peer.slot(), random.nextLong(bits));
    long blocksPerBit = sectorsPerBit / CrashWorld.BLOCK_BYTES;
    if (!peer.isConnected() || bit < 0) {
      return;
    }
    for (long block = bit * blocksPerBit; block < (bit + 1) * blocksPerBit; block++) {
      if (busy.contains(block) || world.data().isTorn(block * CrashWorld.BLOCK_BYTES)) {
        return;
      }
    }
    for (long block = bit * blocksPerBit; block < (bit + 1) * blocksPerBit; block++) {
      peer.content().put(block, world.data().versionAt(block * CrashWorld.BLOCK_BYTES));
    }
    world
        .backing()
        .setInSync(
            peer.slot(),
            bit * blocksPerBit * CrashWorld.BLOCK_BYTES,
            blocksPerBit * CrashWorld.BLOCK_BYTES);
  }

  /** One write from the activity log to the last answer. */
  private final class SimWrite extends ExtentUser {
    private final long first;
    private final int blocks;
    private final int version;
    private final boolean fua = random.nextInt(10) == 0;
    private final PooledBuffer buffer;
    private final Map<SimPeer, Integer> sentTo = new HashMap<>();
    private final Set<SimPeer> acknowledged = new HashSet<>();
    private int outstanding;
    private boolean released;

    SimWrite(long first, int blocks) {
      this.first = first;
      this.blocks = blocks;
      this.version = world.nextVersion();
      this.buffer = world.pool().tryAllocate(blocks * CrashWorld.BLOCK_BYTES).orElseThrow();
      for (int at = 0; at < blocks * CrashWorld.BLOCK_BYTES; at += SimDisk.SECTOR_BYTES) {
        buffer.setZero(at, SimDisk.SECTOR_BYTES);
        buffer.setInt(at, version);
      }
    }

    void start() {
      forEachBlock(
          block -> {
            busy.add(block);
            newest.put(block, version);
          });
      BackingDisk.covers(this, offsetBytes(), lengthBytes());
      if (world.backing().activityLog().acquire(this)) {
        granted();
      }
    }

    @Override
    public void granted() {
      outstanding = 1;
      for (SimPeer peer : world.peers()) {
        if (peer.isConnected()) {
          outstanding++;
          sentTo.put(peer, peer.connection());
          world.loop().schedule(random.nextLong(NETWORK_NS_MAX), () -> arrives(peer));
        }
      }
      DiskRequest request =
          new Step(
                  error -> {
                    error.ifPresent(
                        problem -> {
                          throw new AssertionError(problem);
                        });
                    partDone();
                  })
              .write(offsetBytes(), (int) lengthBytes(), buffer, 0, fua);
      world.data().submit(request);
    }

    @Override
    public void refused(DiskException error) {
      throw new AssertionError(error);
    }

    boolean isUnderWayTo(SimPeer peer) {
      return sentTo.containsKey(peer) && !acknowledged.contains(peer);
    }

    void putInto(Map<Long, Integer> content) {
      forEachBlock(block -> content.put(block, version));
    }

    /** On a connection that was lost meanwhile, the write has arrived or not, unanswered. */
    private void arrives(SimPeer peer) {
      if (stopped) {
        return;
      }
      boolean answered = sentTo.get(peer) == peer.connection();
      if (answered || random.nextBoolean()) {
        putInto(peer.content());
      }
      if (answered) {
        acknowledged.add(peer);
      } else {
        sentTo.remove(peer);
      }
      partDone();
    }

    private void partDone() {
      outstanding--;
      if (outstanding > 0) {
        return;
      }
      for (SimPeer peer : world.peers()) {
        if (acknowledged.contains(peer)) {
          world.backing().setInSync(peer.slot(), offsetBytes(), lengthBytes());
        } else {
          world.backing().setOutOfSync(peer.slot(), offsetBytes(), lengthBytes());
        }
      }
      world.backing().activityLog().release(this);
      inFlight.remove(this);
      forEachBlock(
          block -> {
            busy.remove(block);
            completed.put(block, version);
            if (fua) {
              world.safe().merge(block, version, Math::max);
            }
          });
      releaseBuffer();
    }

    void releaseBuffer() {
      if (!released) {
        released = true;
        buffer.release();
      }
    }

    private long offsetBytes() {
      return first * CrashWorld.BLOCK_BYTES;
    }

    private long lengthBytes() {
      return (long) blocks * CrashWorld.BLOCK_BYTES;
    }

    private void forEachBlock(LongConsumer action) {
      for (long block = first; block < first + blocks; block++) {
        action.accept(block);
      }
    }
  }
}
