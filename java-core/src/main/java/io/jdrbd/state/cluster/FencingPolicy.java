package io.jdrbd.state.cluster;

/** What the option fencing of a connection asks for (spec 4.19). */
public enum FencingPolicy {
  /** Nothing. */
  DONT_CARE,
  /** No promotion beside a peer that may be current; fence-peer runs, I/O goes on. */
  RESOURCE_ONLY,
  /** The same, and I/O is suspended until the peer is fenced. */
  RESOURCE_AND_STONITH
}
