package io.jdrbd.disk;

import java.util.concurrent.CompletableFuture;

/** A request whose end a test can wait for. */
public final class PendingRequest extends DiskRequest {
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /** Ends normally or with the {@link DiskException}. */
  public CompletableFuture<Void> end() {
    return end;
  }

  @Override
  public void complete() {
    if (!end.complete(null)) {
      throw new IllegalStateException("ended twice");
    }
  }

  @Override
  public void fail(DiskException error) {
    if (!end.completeExceptionally(error)) {
      throw new IllegalStateException("ended twice", error);
    }
  }
}
