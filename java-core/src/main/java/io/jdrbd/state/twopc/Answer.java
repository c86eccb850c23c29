package io.jdrbd.state.twopc;

/** What a node says to a prepare. */
public enum Answer {
  YES,
  /** Refused: the change must not be. */
  NO,
  /** Not now: something else is under way. */
  RETRY
}
