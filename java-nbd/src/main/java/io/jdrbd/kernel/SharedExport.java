package io.jdrbd.kernel;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.Errno;
import io.jdrbd.export.Export;
import io.jdrbd.export.ExportSession;
import io.jdrbd.export.OpenRefusedException;
import io.jdrbd.loop.EpollLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One open of an export that all connections of a device use, old and new: to the volume, a device
 * is one user for as long as it is there. Used on the export's loop.
 */
final class SharedExport implements Export {
  private final Export export;
  private final ExportSession session;
  private final boolean readOnly;
  private int connections;
  private boolean released;

  private SharedExport(Export export, ExportSession session, boolean readOnly) {
    this.export = export;
    this.session = session;
    this.readOnly = readOnly;
  }

  static CompletionStage<SharedExport> open(Export export, boolean readOnly, String client) {
    Access access = readOnly ? Access.READ_ONLY : Access.READ_WRITE;
    return export
        .open(access, client)
        .thenApply(session -> new SharedExport(export, session, readOnly));
  }

  BlockDisk disk() {
    return session.disk();
  }

  /** Lets go of the export as soon as no connection uses it. */
  void release() {
    if (!released) {
      released = true;
      closeIfUnused();
    }
  }

  @Override
  public String name() {
    return export.name();
  }

  @Override
  public String description() {
    return export.description();
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public EpollLoop loop() {
    return export.loop();
  }

  /** A connection's share of the one session. */
  @Override
  public CompletionStage<ExportSession> open(Access access, String client) {
    if (released) {
      return CompletableFuture.failedStage(
          new OpenRefusedException(Errno.ESHUTDOWN, name() + " is being detached from its device"));
    }
    connections++;
    return CompletableFuture.completedStage(
        new ExportSession() {
          @Override
          public BlockDisk disk() {
            return session.disk();
          }

          @Override
          public void close() {
            connections--;
            closeIfUnused();
          }
        });
  }

  private void closeIfUnused() {
    if (released && connections == 0) {
      session.close();
    }
  }
}
