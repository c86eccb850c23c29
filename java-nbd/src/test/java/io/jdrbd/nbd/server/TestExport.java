package io.jdrbd.nbd.server;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.export.Export;
import io.jdrbd.export.ExportSession;
import io.jdrbd.export.OpenRefusedException;
import io.jdrbd.loop.EpollLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** An export of any disk that counts its open sessions and can refuse to be opened. */
final class TestExport implements Export {
  private final String name;
  private final EpollLoop loop;
  private final BlockDisk disk;
  private final boolean readOnly;
  private final AtomicInteger openSessions = new AtomicInteger();
  private volatile Optional<OpenRefusedException> refusal = Optional.empty();

  TestExport(String name, EpollLoop loop, BlockDisk disk, boolean readOnly) {
    this.name = name;
    this.loop = loop;
    this.disk = disk;
    this.readOnly = readOnly;
  }

  int openSessions() {
    return openSessions.get();
  }

  void refuse(OpenRefusedException reason) {
    refusal = Optional.of(reason);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return "test export " + name;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public EpollLoop loop() {
    return loop;
  }

  @Override
  public CompletionStage<ExportSession> open(Access access, String client) {
    if (refusal.isPresent()) {
      return CompletableFuture.failedStage(refusal.get());
    }
    openSessions.incrementAndGet();
    return CompletableFuture.completedStage(
        new ExportSession() {
          @Override
          public BlockDisk disk() {
            return disk;
          }

          @Override
          public void close() {
            openSessions.decrementAndGet();
          }
        });
  }
}
