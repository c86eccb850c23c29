package io.jdrbd.state.sync;

/** A row of the table by which generation identifiers are compared. */
public sealed interface SyncRule permits Rule9, Rule84 {
  /** Its name or number in the kernel's log. */
  String id();

  /** What it saw, in words, from this node's point of view. */
  String text();
}
