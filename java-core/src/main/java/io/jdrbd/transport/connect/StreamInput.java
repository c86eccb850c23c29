package io.jdrbd.transport.connect;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamListener;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The receiving half of a stream, for any kind of socket: matches what has arrived with what is
 * asked for, and tells the listener, never inside a call that it makes, in an order that a user can
 * rely on: the end comes after all bytes that were asked for before it. Used on the loop.
 */
public final class StreamInput {
  private final Loop loop;
  private final Supplier<ByteBuf> inbox;
  private final Runnable settle;
  private final Demand demand = new Demand();
  private final Runnable scheduledPump = this::scheduledPump;

  private Optional<StreamListener> listener = Optional.empty();
  private Optional<StreamEnd> end = Optional.empty();
  private boolean endTold;
  private boolean pumping;
  private boolean pumpScheduled;
  private boolean closed;

  /**
   * @param inbox what has arrived and was not taken; may change
   * @param settle is run when the demand may have changed: where do the next bytes go, and are they
   *     read at all
   */
  public StreamInput(Loop loop, Supplier<ByteBuf> inbox, Runnable settle) {
    this.loop = loop;
    this.inbox = inbox;
    this.settle = settle;
  }

  /** What is asked for and missing. */
  public Demand demand() {
    return demand;
  }

  /** The last one is the one that is told. */
  public void open(StreamListener streamListener) {
    if (!closed) {
      listener = Optional.of(streamListener);
      if (end.isPresent()) {
        schedulePump();
      }
    }
  }

  /** See {@link io.jdrbd.transport.PeerStream#receive}. */
  public void receive(ByteBuf target, int lengthBytes) {
    if (!closed) {
      demand.receive(target, lengthBytes);
      demanded();
    }
  }

  /** See {@link io.jdrbd.transport.PeerStream#skip}. */
  public void skip(long lengthBytes) {
    if (!closed) {
      demand.skip(lengthBytes);
      demanded();
    }
  }

  private void demanded() {
    if (pumping) {
      return;
    }
    if (inbox.get().isReadable() || end.isPresent()) {
      schedulePump();
    } else {
      settle.run();
    }
  }

  /** Whether bytes should be read: somebody waits for them, or there is nothing in stock. */
  public boolean wantsBytes() {
    return !closed && end.isEmpty() && (demand.isOpen() || !inbox.get().isReadable());
  }

  /** More is in the inbox. */
  public void arrived() {
    pump();
  }

  /** All that was asked for has gone straight to its target. */
  public void completed() {
    pumping = true;
    try {
      listener.ifPresent(StreamListener::received);
    } finally {
      pumping = false;
    }
    pump();
  }

  /** Nothing more will arrive; the first reason counts. */
  public void end(StreamEnd how) {
    if (!closed && end.isEmpty()) {
      end = Optional.of(how);
      schedulePump();
    }
  }

  /** Whether {@link #end} was called. */
  public boolean hasEnded() {
    return end.isPresent();
  }

  /** Tells the listener that there is room to send, if it is still of interest. */
  public void tellWritable() {
    if (end.isEmpty()) {
      listener.ifPresent(StreamListener::writable);
    }
  }

  /** Forgets listener and demand. */
  public void close() {
    closed = true;
    listener = Optional.empty();
    demand.cancel();
  }

  private void schedulePump() {
    if (!pumpScheduled) {
      pumpScheduled = true;
      loop.execute(scheduledPump);
    }
  }

  private void scheduledPump() {
    pumpScheduled = false;
    pump();
  }

  /** Serves demands as long as there are bytes for them, then waits for more. */
  private void pump() {
    if (pumping || closed) {
      return;
    }
    if (listener.isPresent()) {
      pumping = true;
      try {
        while (demand.takeFrom(inbox.get())) {
          listener.get().received();
        }
        tellEnd();
      } finally {
        pumping = false;
      }
    }
    if (!closed) {
      settle.run();
    }
  }

  private void tellEnd() {
    if (closed || endTold || end.isEmpty()) {
      return;
    }
    boolean bytesLeft = inbox.get().isReadable() && !demand.isOpen();
    if (!bytesLeft || end.get().kind() != StreamEnd.Kind.CLOSED_BY_PEER) {
      endTold = true;
      demand.cancel();
      listener.orElseThrow().ended(end.get());
    }
  }
}
