package io.jdrbd.state;

import io.jdrbd.disk.Errno;

/** What an application's open of a device comes to. */
public sealed interface OpenDecision {
  /** It may be opened as it is. */
  record Open() implements OpenDecision {}

  /** It may be opened once the node is Primary. */
  record PromoteFirst() implements OpenDecision {}

  /** It may not be opened. */
  record Refuse(Errno errno, String reason) implements OpenDecision {}
}
