package io.jdrbd.replication;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.format.Extents;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A volume as applications use it: what is written goes to the local disk and to the peers, what is
 * read comes from whoever has current data. Outlives disks and connections.
 */
public final class ReplicatedDisk implements BlockDisk {
  /** No P_DATA carries more (spec 2.2). */
  public static final int WRITE_BYTES_MAX = 1 << 20;

  /** No discard is longer: what one transaction of the activity log takes, with room to spare. */
  public static final long DISCARD_BYTES_MAX = 32L * Extents.BYTES;

  private final String name;
  private final int volume;
  private final WriteOrder order;
  private final VolumeEvents events;
  private final Ranges ranges = new Ranges();
  private final List<Replica> replicas = new ArrayList<>();
  private final WriteMarks marks = new WriteMarks(replicas);
  private final Entrance entrance = new Entrance(this::dispatch);
  private final ArrayDeque<Write> idleWrites = new ArrayDeque<>();
  private final ArrayDeque<ApplicationWrite> idleApplicationWrites = new ArrayDeque<>();
  private final ArrayDeque<Read> idleReads = new ArrayDeque<>();
  private final ReadTable reads = new ReadTable();
  private Optional<BackingDisk> backing = Optional.empty();
  private Runnable whenResized = () -> {};
  private DiskGeometry geometry = new DiskGeometry(0, 512, 512, 0, false, false);
  private LocalReads localReads = LocalReads.NONE;
  private int maxWriteBytes = WRITE_BYTES_MAX;
  private long maxDiscardBytes = DISCARD_BYTES_MAX;
  private boolean failing;
  private boolean withoutQuorum;
  private long readBytes;
  private long writtenBytes;
  private int pending;

  /** What of the local disk may be read by applications. */
  public enum LocalReads {
    /** Nothing: there is none, or its data is old. */
    NONE,
    /** Blocks that no bitmap marks: a resync target. */
    UNMARKED,
    /** All of it. */
    ALL
  }

  /**
   * @param name resource and volume, for logs and errors: {@code r0/0}
   * @param volume its number
   * @param order of the resource's writes
   * @param events is told what happens to the local disk
   */
  public ReplicatedDisk(String name, int volume, WriteOrder order, VolumeEvents events) {
    this.name = name;
    this.volume = volume;
    this.order = order;
    this.events = events;
  }

  /** A disk is attached; nothing is read from it until {@link #setLocalReads} says so. */
  public void attached(BackingDisk disk) {
    backing = Optional.of(disk);
    readBytes = 0;
    writtenBytes = 0;
  }

  /** No new request goes to the local disk; those in flight end. */
  public void detached() {
    backing = Optional.empty();
    localReads = LocalReads.NONE;
    replicas.forEach(replica -> replica.setSlot(OptionalInt.empty()));
  }

  /** Says what may be read locally. */
  public void setLocalReads(LocalReads allowed) {
    localReads = allowed;
  }

  /** The size and granularities that applications see. */
  public void setGeometry(DiskGeometry agreed) {
    geometry = agreed;
    whenResized.run();
  }

  /** Calls back from now on, instead of another, when the size was set. */
  public void whenResized(Runnable then) {
    whenResized = then;
  }

  /**
   * Limits that the peers impose.
   *
   * @param writeBytes no packet has more data; a power of two from 4096 to 1 MiB
   * @param discardBytes no discard is longer; a power of two from 4 MiB to 128 MiB
   */
  public void setLimits(int writeBytes, long discardBytes) {
    maxWriteBytes = writeBytes;
    maxDiscardBytes = discardBytes;
  }

  /** No packet has more data, to peers or from them. */
  int maxTransferBytes() {
    return maxWriteBytes;
  }

  /** Makes room for a peer; one for each configured connection, in the order of their creation. */
  public Replica addReplica(PeerWrites peer) {
    Replica replica = new Replica(peer);
    replicas.add(replica);
    return replica;
  }

  /** Forgets a peer that is configured no longer. */
  public void removeReplica(Replica replica) {
    replicas.remove(replica);
  }

  /** Where requests of applications wait. */
  public Entrance entrance() {
    return entrance;
  }

  /** A read that nobody can answer now waits for better times. */
  void putBack(Read read, DiskRequest application) {
    entrance.add(application);
    idleReads.add(read);
  }

  /** Writes fail from now on, as too few nodes can be reached; or no longer. */
  public void setWithoutQuorum(boolean without) {
    withoutQuorum = without;
  }

  boolean isWithoutQuorum() {
    return withoutQuorum;
  }

  /** Lets all requests fail, or ends that. */
  public void setFailing(boolean failing) {
    this.failing = failing;
  }

  /** Bytes read by applications since the attach. */
  public long readBytes() {
    return readBytes;
  }

  /** Bytes written by applications since the attach. */
  public long writtenBytes() {
    return writtenBytes;
  }

  /** Requests of applications that have not ended. */
  public int pending() {
    return pending;
  }

  /** The reads that peers answer. */
  public ReadTable reads() {
    return reads;
  }

  /** The number of the volume. */
  public int volume() {
    return volume;
  }

  /** The ranges in use. */
  public Ranges ranges() {
    return ranges;
  }

  WriteOrder order() {
    return order;
  }

  Optional<BackingDisk> backing() {
    return backing;
  }

  @Override
  public DiskGeometry geometry() {
    return geometry;
  }

  @Override
  public String description() {
    return backing.map(disk -> name + " on " + disk.data().description()).orElse(name);
  }

  @Override
  public void submit(DiskRequest request) {
    pending++;
    if (entrance.isHeld()) {
      entrance.add(request);
    } else {
      dispatch(request);
    }
  }

  private void dispatch(DiskRequest request) {
    if (failing) {
      refuse(request, "was demoted by force while in use");
      return;
    }
    switch (request.op()) {
      case READ -> newRead().start(request);
      case FLUSH -> newRead().startFlush(request);
      case WRITE, DISCARD, WRITE_ZEROES -> {
        if (withoutQuorum) {
          refuse(request, "there is no quorum");
        } else if (!entrance.waitsForFirst(request)) {
          dispatchWrite(request);
        }
      }
    }
  }

  private void dispatchWrite(DiskRequest request) {
    if (!hasCurrentData()) {
      refuse(request, "no UpToDate disk can be reached");
      return;
    }
    ApplicationWrite write =
        idleApplicationWrites.isEmpty()
            ? new ApplicationWrite(this, request)
            : idleApplicationWrites.remove();
    write.start(request, request.op() == DiskRequest.Op.WRITE ? maxWriteBytes : maxDiscardBytes);
  }

  private boolean hasCurrentData() {
    return localReads == LocalReads.ALL || readableReplica().isPresent();
  }

  Optional<Replica> readableReplica() {
    for (Replica replica : replicas) {
      if (replica.isReadable() && replica.peer().line().isPresent()) {
        return Optional.of(replica);
      }
    }
    return Optional.empty();
  }

  private void refuse(DiskRequest request, String why) {
    DiskException error = error(request, why);
    order
        .loop()
        .execute(
            () -> {
              pending--;
              request.fail(error);
            });
  }

  DiskException error(DiskRequest request, String why) {
    return new DiskException(
        Errno.EIO, request.op().text(), name, request.offsetBytes(), request.lengthBytes(), why);
  }

  Write newWrite() {
    return idleWrites.isEmpty() ? new Write(this) : idleWrites.remove();
  }

  private Read newRead() {
    return idleReads.isEmpty() ? new Read(this) : idleReads.remove();
  }

  void recycle(Write write) {
    idleWrites.add(write);
  }

  void recycle(Read read) {
    idleReads.add(read);
  }

  void ended(ApplicationWrite write, DiskRequest application) {
    idleApplicationWrites.add(write);
    pending--;
    if (application.op() == DiskRequest.Op.WRITE) {
      writtenBytes += application.lengthBytes();
    }
  }

  void ended(DiskRequest read) {
    pending--;
    readBytes += read.lengthBytes();
  }

  /** Gives an admitted write to every peer that shall get it, or hear of it. */
  void send(Write write) {
    for (Replica replica : replicas) {
      PeerWrites peer = replica.peer();
      switch (replica.disposition()) {
        case DATA -> {
          write.copy(peer.index(), Copy.Event.ADMITTED);
          peer.send(volume, write, replica.duringResync());
        }
        case OUT_OF_SYNC -> peer.sendOutOfSync(volume, write);
        case NOTHING -> {
          // its mark remembers
        }
      }
    }
    if (backing.isPresent()) {
      marks.admitted(write, backing.get());
    }
  }

  /** Which peers have to get a write some day, as the bitmaps know. */
  WriteMarks marks() {
    return marks;
  }

  void localFailed(DiskRequest request, DiskException why) {
    if (request.op() == DiskRequest.Op.READ) {
      backing.ifPresent(disk -> disk.setOutOfSync(request.offsetBytes(), request.lengthBytes()));
    }
    events.dataFailed(request.op(), why);
  }

  void metadataFailed(DiskException why) {
    events.metadataFailed(why);
  }

  DiskException noCopy(DiskRequest write) {
    return error(write, "neither the local disk nor any peer has it");
  }

  /** Whether the local disk may answer a read of this range. */
  boolean isLocallyReadable(long offsetBytes, long lengthBytes) {
    return switch (localReads) {
      case NONE -> false;
      case ALL -> backing.isPresent();
      case UNMARKED -> backing.isPresent() && !backing.get().isMarked(offsetBytes, lengthBytes);
    };
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    if (backing.isPresent() && localReads == LocalReads.ALL) {
      backing.get().data().extents(offsetBytes, lengthBytes, answer);
    } else {
      List<Extent> data = List.of(new Extent(offsetBytes, lengthBytes, false, false));
      order.loop().execute(() -> answer.accept(data));
    }
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    order.loop().execute(() -> answer.accept(geometry));
  }

  /** Does nothing but answer: the volume, not its user, decides when the disk is closed. */
  @Override
  public void close(Runnable closed) {
    order.loop().execute(closed);
  }
}
