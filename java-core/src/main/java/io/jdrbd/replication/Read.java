package io.jdrbd.replication;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.metadata.attached.BackingDisk;
import java.util.Optional;

/**
 * An application's read or flush: from the local disk where that is current, else from a peer. A
 * read that fails locally or at a peer is tried at whoever else has current data.
 */
final class Read extends DiskRequest {
  private final ReplicatedDisk disk;
  private final Optional<Read> present = Optional.of(this);
  private DiskRequest application = this;
  private Optional<Replica> asked = Optional.empty();
  private Optional<BackingDisk> local = Optional.empty();
  private boolean localFailed;
  private boolean answerArrives;
  private long id;

  /** What peers have answered, from the start on, and how much the next answer shall have. */
  private long answeredBytes;

  private int askedBytes;

  Read(ReplicatedDisk disk) {
    this.disk = disk;
  }

  void start(DiskRequest of) {
    application = of;
    localFailed = false;
    answeredBytes = 0;
    like(of);
    choose();
  }

  /** A flush is the local disk's: completed writes lie in closed epochs (spec 2.21). */
  void startFlush(DiskRequest of) {
    application = of;
    like(of);
    local = disk.backing();
    if (local.isPresent()) {
      local.get().data().submit(this);
    } else if (disk.readableReplica().isPresent()) {
      disk.order().loop().execute(this::complete);
    } else {
      end(disk.error(this, "no UpToDate disk can be reached"));
    }
  }

  private void choose() {
    if (!localFailed && disk.isLocallyReadable(offsetBytes(), lengthBytes())) {
      answeredBytes = 0;
      local = disk.backing();
      local.orElseThrow().data().submit(this);
      return;
    }
    asked = disk.readableReplica();
    answerArrives = false;
    if (asked.isPresent()) {
      id = disk.reads().add(this);
      askedBytes = (int) Math.min(lengthBytes() - answeredBytes, disk.maxTransferBytes());
      asked.get().peer().sendRead(disk.volume(), id, askedOffsetBytes(), askedBytes);
    } else if (disk.entrance().isHeld()) {
      disk.putBack(this, application);
    } else {
      DiskException why =
          disk.error(
              this,
              localFailed
                  ? "the local disk failed and no peer has current data"
                  : "no UpToDate disk can be reached");
      end(why);
    }
  }

  private void end(DiskException why) {
    disk.order().loop().execute(() -> end().fail(why));
  }

  long id() {
    return id;
  }

  Optional<Read> present() {
    return present;
  }

  /** Where the data begins that a peer is asked for. */
  long askedOffsetBytes() {
    return offsetBytes() + answeredBytes;
  }

  /** How much a peer is asked for; the rest of a long read comes after that. */
  int askedBytes() {
    return askedBytes;
  }

  /** Where in the buffer it belongs. */
  int answerOffsetBytes() {
    return bufferOffsetBytes() + (int) answeredBytes;
  }

  boolean isAskedOf(PeerWrites peer) {
    return asked.isPresent() && asked.get().peer().equals(peer);
  }

  /** From now on the peer's data may be written into the buffer. */
  void answerArrives() {
    answerArrives = true;
  }

  boolean isAnswerArriving() {
    return answerArrives;
  }

  /** The peer's data is in the buffer. */
  void answered() {
    asked = Optional.empty();
    answeredBytes += askedBytes;
    if (answeredBytes < lengthBytes()) {
      choose();
    } else {
      complete();
    }
  }

  /** The peer cannot, or is gone. */
  void again() {
    asked = Optional.empty();
    choose();
  }

  @Override
  public void complete() {
    end().complete();
  }

  @Override
  public void fail(DiskException error) {
    if (error.errno() == Errno.EBADF && local.filter(BackingDisk::isLeft).isPresent()) {
      comesTooLate();
      return;
    }
    disk.localFailed(this, error);
    if (op() == Op.FLUSH) {
      end().fail(error);
    } else {
      localFailed = true;
      choose();
    }
  }

  /** The disk has left meanwhile: that is no fault of it, and whoever is there now is asked. */
  private void comesTooLate() {
    if (op() == Op.FLUSH) {
      startFlush(application);
    } else {
      choose();
    }
  }

  private DiskRequest end() {
    DiskRequest ended = application;
    disk.recycle(this);
    disk.ended(ended);
    return ended;
  }
}
