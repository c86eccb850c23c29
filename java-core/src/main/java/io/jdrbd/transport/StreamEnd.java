package io.jdrbd.transport;

/**
 * Why a stream has ended.
 *
 * @param text for people: {@code closed by the peer}
 */
public record StreamEnd(Kind kind, String text) {

  /** What a connection can make a difference of. */
  public enum Kind {
    /** The peer has closed its side, after all that it sent. */
    CLOSED_BY_PEER,
    /** The peer, or somebody on the way, has cut it off: bytes may be missing. */
    RESET,
    /** It broke for another reason; the text says which. */
    FAILED
  }

  /** The peer has closed its side. */
  public static final StreamEnd CLOSED = new StreamEnd(Kind.CLOSED_BY_PEER, "closed by the peer");
}
