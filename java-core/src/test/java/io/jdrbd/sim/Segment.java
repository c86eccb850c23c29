package io.jdrbd.sim;

/** What travels on one direction of a simulated TCP connection. */
sealed interface Segment {
  /** A piece of the stream. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Bytes(byte[] bytes) implements Segment {}

  /** The other end has taken so many bytes: there is room for as many more. */
  record Taken(int bytes) implements Segment {}

  /** The sender has closed, after all that it sent. */
  record Fin() implements Segment {}

  /** The connection is no more. */
  record Reset() implements Segment {}
}
