package io.jdrbd.transport;

import io.netty.buffer.ByteBuf;

/**
 * One of the two byte streams of a connection: ordered, both ways, without any idea of packets.
 *
 * <p><b>Receiving</b> is by demand: who wants bytes says how many and where to; when they are
 * there, {@link StreamListener#received} is called, and the next may be asked for from within. As
 * long as nothing is asked for, nothing is read from the socket beyond a small read-ahead, which is
 * the backpressure. A large demand is read by the socket straight into its target.
 *
 * <p><b>Sending</b> takes everything, in order. Packets of one turn of the loop leave together at
 * its end. Where {@link #isWritable} is false, who can wait should.
 *
 * <p>In the steady state neither allocates. Used on the loop.
 */
public interface PeerStream {
  /** Begins to tell the listener what happens. Called once. */
  void open(StreamListener listener);

  /**
   * Asks for the next bytes. One demand at a time.
   *
   * @param target is written to from its writer index on, which moves along; stays the caller's,
   *     and is not touched after {@link #close}
   * @param lengthBytes at least 1, and not more than the target has room for
   * @throws IllegalStateException something has been asked for already
   */
  void receive(ByteBuf target, int lengthBytes);

  /**
   * Asks for the next bytes to be dropped. One demand at a time.
   *
   * @param lengthBytes at least 1
   */
  void skip(long lengthBytes);

  /** When bytes arrived last, by {@link io.jdrbd.loop.Loop#nanoTime}; at first, when it stood. */
  long lastReceivedNs();

  /**
   * Sends a packet.
   *
   * @param packet its readable bytes are copied, so that the caller can use it again at once; at
   *     most 4096 bytes, as no packet without bulk data is longer (spec 1.5)
   */
  void send(ByteBuf packet);

  /**
   * Sends a packet with bulk data, which is not copied.
   *
   * @param head its readable bytes are copied; at most 4096
   * @param bulk its readable bytes follow; the reference is taken over, and released when they are
   *     sent or the stream is closed
   */
  void send(ByteBuf head, ByteBuf bulk);

  /** Lets everything leave now instead of at the end of the turn: for what cannot wait. */
  void flush();

  /** Whether less than the send queue's limit waits; where not, {@code writable} is told later. */
  boolean isWritable();

  /**
   * Calls back, later and on the loop, when the socket has taken everything that was sent until
   * now; never, if the stream ends before.
   */
  void whenSent(Runnable then);

  /** How many bytes wait to be taken by the socket. */
  long unsentBytes();

  /**
   * For how long the socket has taken nothing although something waits, in nanoseconds; else 0. To
   * be asked now and then: it is seen only by asking, and is exact to the pause between two
   * questions.
   */
  long sendStalledNs();

  /** Ends it at once; what was not sent is lost. The listener hears nothing more. */
  void close();

  /**
   * Ends it when everything is sent: then the peer sees the end, and when it has closed too, or a
   * second later, the socket is closed. The listener hears nothing more. What the peer still sends
   * is dropped, but does not make the kernel reset the connection under bytes on their way.
   */
  void closeWhenSent();
}
