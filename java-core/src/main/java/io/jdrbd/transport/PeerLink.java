package io.jdrbd.transport;

/**
 * The two streams of a connection. Whoever gets it owns both. Used on the loop.
 *
 * @param path on which both streams are
 * @param resolveConflicts whether this node accepted the CONTROL socket; the peer has the opposite,
 *     and where both nodes have equal rights, this decides (spec 1.4.5)
 */
public record PeerLink(
    PeerStream data, PeerStream control, PathAddresses path, boolean resolveConflicts) {

  /** The stream of this kind. */
  public PeerStream stream(StreamKind kind) {
    return kind == StreamKind.DATA ? data : control;
  }

  /** Ends both at once; what was not sent is lost. The listeners hear nothing more. */
  public void close() {
    data.close();
    control.close();
  }

  /** Ends both when all is sent and the peer has closed too, or after a bounded time. */
  public void closeWhenSent() {
    data.closeWhenSent();
    control.closeWhenSent();
  }
}
