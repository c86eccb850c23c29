package io.jdrbd.metadata.attached;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import java.util.Optional;

/** A disk request whose end is given when it is made; can be used again after each end. */
final class Step extends DiskRequest {
  private final Completion completion;

  Step(Completion completion) {
    this.completion = completion;
  }

  @Override
  public void complete() {
    completion.ended(Optional.empty());
  }

  @Override
  public void fail(DiskException error) {
    completion.ended(Optional.of(error));
  }
}
