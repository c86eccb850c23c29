package io.jdrbd.wire;

/** Which of the two TCP connections of a DRBD connection (spec 1.4.1). */
public enum StreamKind {
  /** Data, requests, state; read in order, one packet after the other. */
  DATA,
  /** Pings, acknowledgements, replies; never waits for the data stream. */
  CONTROL
}
