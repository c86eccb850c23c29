package io.jdrbd.nbd.server;

import io.jdrbd.export.Export;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An export and those who use it. Used on the server's loop. */
final class OfferedExport {
  private final Export export;
  private final ExportCounters counters = new ExportCounters();
  private final Set<Connection> connections = new LinkedHashSet<>();
  private final CompletableFuture<Void> withdrawn = new CompletableFuture<>();
  private boolean withdrawing;

  OfferedExport(Export export) {
    this.export = export;
  }

  Export export() {
    return export;
  }

  ExportCounters counters() {
    return counters;
  }

  Set<Connection> connections() {
    return connections;
  }

  boolean isWithdrawing() {
    return withdrawing;
  }

  /** Notes a connection from before its open until after its close. */
  void enter(Connection connection) {
    connections.add(connection);
    counters.connected();
  }

  void leave(Connection connection) {
    if (connections.remove(connection)) {
      counters.disconnected();
      endIfUnused();
    }
  }

  /** Lets no one in any more and ends those who are in; done when the last session is closed. */
  CompletionStage<Void> withdraw(String reason) {
    if (!withdrawing) {
      withdrawing = true;
      new ArrayList<>(connections).forEach(connection -> connection.drain(reason));
      endIfUnused();
    }
    return withdrawn;
  }

  private void endIfUnused() {
    if (withdrawing && connections.isEmpty()) {
      withdrawn.complete(null);
    }
  }
}
