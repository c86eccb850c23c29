package io.jdrbd.metadata.attached;

import io.jdrbd.disk.DiskException;
import java.util.Optional;

/** The end of something that was written; called once, on the loop. */
@FunctionalInterface
public interface Completion {
  /**
   * Tells the end.
   *
   * @param error why it failed; empty where it is on disk
   */
  void ended(Optional<DiskException> error);
}
