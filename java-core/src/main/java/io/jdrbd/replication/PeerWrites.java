package io.jdrbd.replication;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * What one peer was sent and has not confirmed as durable (spec 2.11, 2.12). Lives as long as the
 * peer is configured; connections come and go.
 */
public final class PeerWrites {
  private final int index;
  private final int nodeId;
  private final WriteOrder order;
  private final ArrayDeque<Write> unconfirmed = new ArrayDeque<>();
  private final ArrayDeque<Write> handingOver = new ArrayDeque<>();
  private final KeptWrites kept = new KeptWrites(this);
  private Optional<WriteLine> line = Optional.empty();
  private boolean handOverIsEnough;
  private boolean handOverAwaited;
  private int connections;
  private int epoch;
  private int writesInEpoch;
  private boolean barrierIsDue;

  /** Where the connection began, and how far the peer has been told. */
  private long firstPosition;

  private long position;
  private long unconfirmedBytes;

  PeerWrites(int index, int nodeId, WriteOrder order) {
    this.index = index;
    this.nodeId = nodeId;
    this.order = order;
  }

  /** Its place in every write's copies. */
  public int index() {
    return index;
  }

  /**
   * A connection stands.
   *
   * @param handOverIsEnough protocol A: a write counts as replicated when the socket has it
   */
  public void connected(WriteLine to, boolean handOverIsEnough) {
    this.line = Optional.of(to);
    this.connections++;
    this.handOverIsEnough = handOverIsEnough;
    this.epoch = order.epoch();
    this.writesInEpoch = 0;
    this.firstPosition = order.dagtag();
    this.position = firstPosition - 1;
  }

  /**
   * The connection is lost, and everything that has to be durable before the application hears of
   * it is: what the peer has not confirmed as durable is marked when it ends.
   *
   * @param suspended I/O waits: then it stays open until the peer is back, or I/O goes on without
   *     it (spec 2.18); protocol A promises no such thing
   */
  public void lost(boolean suspended) {
    forgetLine();
    boolean keeps = suspended && !handOverIsEnough;
    while (!unconfirmed.isEmpty()) {
      Write write = unconfirmed.remove();
      if (keeps) {
        write.copy(index, Copy.Event.SEND_CANCELLED);
        kept.keep(write);
      } else {
        giveUp(write);
      }
    }
    order.settle();
  }

  private void forgetLine() {
    line = Optional.empty();
    order.peerAcks().lost(index);
    handingOver.clear();
    handOverAwaited = false;
    unconfirmedBytes = 0;
  }

  /** The peer does not have it, or nobody knows. */
  void giveUp(Write write) {
    write.copy(index, Copy.Event.SEND_CANCELLED);
    write.failedAt(index, Copy.Event.LOST);
    write.progress();
  }

  /**
   * The peer is back with a volume, and what was kept for it is decided.
   *
   * @param again no resync starts: what it has not acknowledged is sent again
   */
  public void returned(ReplicatedDisk volume, boolean again) {
    if (!kept.isEmpty() && line.isPresent()) {
      kept.decide(volume, again);
    }
  }

  /** I/O goes on without the peer: what is kept for it is given up. */
  public void goOnWithout() {
    kept.giveUpAll();
    order.settle();
  }

  /** What was acknowledged counts as durable, everything else is sent as if it was new. */
  void again(Write write) {
    if (Copy.isAwaited(write.flags(index))) {
      long begin = write.dagtag() - write.sectors();
      firstPosition = begin - firstPosition < 0 ? begin : firstPosition;
      send(write.volume().volume(), write, false);
    } else {
      write.copy(index, Copy.Event.DURABLE);
      write.progress();
    }
  }

  /** The epochs that were sent again end. */
  void allSentAgain() {
    order.closeEpoch();
    sendDueBarrier();
    order.settle();
  }

  /** Whether anything was sent and not confirmed as durable. */
  public boolean hasUnconfirmed() {
    return !unconfirmed.isEmpty() || !kept.isEmpty();
  }

  /** Bytes sent and not confirmed as durable. */
  public long unconfirmedBytes() {
    return unconfirmedBytes;
  }

  /**
   * The oldest write that the peer owes an answer: an ack, or that its epoch is durable; 0 if there
   * is none.
   */
  public long oldestOwed() {
    for (Write write : unconfirmed) {
      boolean barrierSent = write.epoch() != epoch || writesInEpoch == 0;
      if (barrierSent || Copy.isAwaited(write.flags(index))) {
        return write.id();
      }
    }
    return 0;
  }

  /** Writes of a volume whose acks are awaited. */
  public int awaited(ReplicatedDisk disk) {
    int awaited = 0;
    for (Write write : unconfirmed) {
      awaited += write.volume().equals(disk) && Copy.isAwaited(write.flags(index)) ? 1 : 0;
    }
    return awaited;
  }

  /** The line, while connected. */
  Optional<WriteLine> line() {
    return line;
  }

  /** Sends a write that was just admitted. */
  void send(int volume, Write write, boolean duringResync) {
    WriteLine to = line.orElseThrow();
    barrierBefore(to, write.epoch());
    positionBefore(to, write);
    to.write(volume, write.id(), write, duringResync);
    epoch = write.epoch();
    writesInEpoch++;
    unconfirmed.add(write);
    unconfirmedBytes += write.lengthBytes();
    if (!handOverIsEnough) {
      write.copy(index, Copy.Event.HANDED_OVER);
    } else {
      handingOver.add(write);
      awaitHandOver(to);
    }
  }

  private void positionBefore(WriteLine to, Write write) {
    if (to.tellsPositions()) {
      long begin = write.dagtag() - write.sectors();
      if (position != begin) {
        to.position(begin);
      }
      position = write.dagtag();
    }
  }

  /** The node that it is. */
  int nodeId() {
    return nodeId;
  }

  /** The line, if the peer was sent a write on it and is to hear who else has it. */
  Optional<WriteLine> peerAckLine(Write write) {
    boolean sentHere = write.dagtag() - firstPosition > 0 && Copy.isOk(write.flags(index));
    return line.filter(to -> sentHere && to.tellsPositions());
  }

  /** Tells the peer of a change that it does not get. */
  void sendOutOfSync(int volume, Write write) {
    WriteLine to = line.orElseThrow();
    barrierBefore(to, write.epoch());
    to.outOfSync(volume, write.offsetBytes(), write.lengthBytes());
  }

  /** Asks the peer to read; what was completed before must be visible there. */
  void sendRead(int volume, long id, long offsetBytes, int lengthBytes) {
    WriteLine to = line.orElseThrow();
    barrierBefore(to, order.epoch());
    to.readRequest(volume, id, offsetBytes, lengthBytes);
  }

  /** One question at a time, which covers all writes that are there when it is asked. */
  private void awaitHandOver(WriteLine to) {
    if (!handOverAwaited) {
      handOverAwaited = true;
      Write last = handingOver.getLast();
      int connection = connections;
      to.whenHandedOver(
          () -> {
            if (line.isPresent() && connection == connections) {
              handedOver(to, last);
            }
          });
    }
  }

  private void handedOver(WriteLine to, Write last) {
    handOverAwaited = false;
    Write write;
    do {
      write = handingOver.remove();
      write.copy(index, Copy.Event.HANDED_OVER_IS_ENOUGH);
      write.progress();
    } while (write != last);
    if (!handingOver.isEmpty()) {
      awaitHandOver(to);
    }
  }

  void closeEpoch() {
    order.closeEpoch();
  }

  /** The current epoch was closed; its barrier leaves soon, even if nothing else does. */
  void epochClosed() {
    if (line.isPresent() && writesInEpoch > 0 && !barrierIsDue) {
      barrierIsDue = true;
      order.loop().execute(this::sendDueBarrier);
    }
  }

  private void sendDueBarrier() {
    barrierIsDue = false;
    line.ifPresent(to -> barrierBefore(to, order.epoch()));
  }

  private void barrierBefore(WriteLine to, int next) {
    if (writesInEpoch > 0 && next != epoch) {
      to.barrier(epoch);
      writesInEpoch = 0;
    }
  }

  /** P_RECV_ACK, P_WRITE_ACK or one of the "in sync" acks. */
  public void acked(long id, long offsetBytes, boolean inSync) throws ProtocolViolation {
    Write write = find(id, offsetBytes);
    write.copy(index, inSync ? Copy.Event.ACK_IN_SYNC : Copy.Event.ACK);
    write.progress();
  }

  /**
   * P_NEG_ACK.
   *
   * @return whether it belongs to a write; if not, its range has to be marked
   */
  public boolean failed(long id, long offsetBytes) {
    Optional<Write> write = order.table().find(id).filter(found -> awaits(found, offsetBytes));
    write.ifPresent(
        found -> {
          found.failedAt(index, Copy.Event.NEG_ACK);
          found.progress();
        });
    return write.isPresent();
  }

  private Write find(long id, long offsetBytes) throws ProtocolViolation {
    return order
        .table()
        .find(id)
        .filter(write -> awaits(write, offsetBytes))
        .orElseThrow(
            () ->
                new ProtocolViolation(
                    "ack for block id 0x%016x at sector %d, which is not waiting for one"
                        .formatted(id, offsetBytes >>> 9)));
  }

  private boolean awaits(Write write, long offsetBytes) {
    int flags = write.flags(index);
    return write.offsetBytes() == offsetBytes && flags != 0 && !Copy.isDone(flags);
  }

  /** P_BARRIER_ACK: all writes of the epoch are durable at the peer. */
  public void epochIsDurable(int confirmed, int writes) throws ProtocolViolation {
    check(confirmed, writes);
    confirm(writes);
  }

  /**
   * P_CONFIRM_STABLE: the oldest writes of an epoch that goes on are durable at the peer, which
   * waits for its peer ack (spec 2.11.4).
   */
  public void someAreDurable(long oldest, long youngest, int writes) throws ProtocolViolation {
    boolean known =
        writes > 0
            && writes <= unconfirmed.size()
            && unconfirmed.element().id() == oldest
            && unconfirmed.stream().skip(writes - 1L).findFirst().orElseThrow().id() == youngest;
    if (!known) {
      throw new ProtocolViolation(
          "%d writes are confirmed as stable that are not the oldest".formatted(writes));
    }
    confirm(writes);
    order.flushPeerAcks();
  }

  private void confirm(int writes) {
    for (int count = 0; count < writes; count++) {
      Write write = unconfirmed.remove();
      unconfirmedBytes -= write.lengthBytes();
      handingOver.remove(write);
      write.copy(index, Copy.Event.SEND_CANCELLED);
      write.copy(index, Copy.Event.DURABLE);
      write.progress();
    }
    order.settle();
  }

  private void check(int confirmed, int writes) throws ProtocolViolation {
    Write oldest =
        Optional.ofNullable(unconfirmed.peek())
            .orElseThrow(
                () ->
                    new ProtocolViolation(
                        "barrier ack for epoch %d with %d writes: none is waiting for one"
                            .formatted(confirmed, writes)));
    int sent = 0;
    for (Write write : unconfirmed) {
      if (write.epoch() != oldest.epoch()) {
        break;
      }
      sent++;
    }
    boolean barrierSent = oldest.epoch() != epoch || writesInEpoch == 0;
    if (!barrierSent || oldest.epoch() != confirmed || sent != writes) {
      throw new ProtocolViolation(
          "barrier ack for epoch %d with %d writes: must be epoch %d with %d%s"
              .formatted(
                  confirmed,
                  writes,
                  oldest.epoch(),
                  sent,
                  barrierSent ? "" : ", whose barrier was not sent yet"));
    }
  }
}
