package io.jdrbd.nbd.server;

import io.jdrbd.export.Export;
import io.jdrbd.loop.Loop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The exports that a server offers by name. The one export is also the default, {@code ""}, as long
 * as there is exactly one. Used on the server's loop.
 */
public final class ExportRegistry {
  private final Map<String, OfferedExport> byName = new LinkedHashMap<>();

  private final Loop loop;

  ExportRegistry(Loop loop) {
    this.loop = loop;
  }

  /**
   * Offers an export from now on.
   *
   * @throws IllegalArgumentException if there is one of this name, or it lives on another loop
   */
  public void add(Export export) {
    if (export.loop() != loop) {
      throw new IllegalArgumentException(
          "export %s lives on another loop than the server".formatted(export.name()));
    }
    if (byName.containsKey(export.name())) {
      throw new IllegalArgumentException("export %s exists already".formatted(export.name()));
    }
    byName.put(export.name(), new OfferedExport(export));
  }

  /**
   * Withdraws an export. Clients that ask for it from now on are told that it is unknown. For those
   * that use it, requests in flight are finished and answered, then the connection is closed.
   *
   * @return done when the last session of the export is closed, at once if there is none
   */
  public CompletionStage<Void> remove(String name) {
    return Optional.ofNullable(byName.remove(name))
        .map(offered -> offered.withdraw("export %s was removed".formatted(name)))
        .orElse(CompletableFuture.completedStage(null));
  }

  /** The exports in the order in which they were added. */
  public List<Export> exports() {
    return byName.values().stream().map(OfferedExport::export).toList();
  }

  /** The numbers of an export. */
  public Optional<ExportCounters.Snapshot> counters(String name) {
    return Optional.ofNullable(byName.get(name)).map(offered -> offered.counters().snapshot());
  }

  /** Who uses an export; a client that has not finished opening it is left out. */
  public List<ClientInfo> clients(String name) {
    return Optional.ofNullable(byName.get(name)).map(OfferedExport::connections).stream()
        .flatMap(Collection::stream)
        .flatMap(connection -> connection.clientInfo().stream())
        .toList();
  }

  /** The export of a name; of the only one if the name is empty. */
  Optional<OfferedExport> find(String name) {
    if (name.isEmpty() && byName.size() == 1 && !byName.containsKey(name)) {
      return Optional.of(byName.values().iterator().next());
    }
    return Optional.ofNullable(byName.get(name));
  }

  /** Withdraws all. */
  CompletionStage<Void> removeAll() {
    return CompletableFuture.allOf(
        new ArrayList<>(byName.keySet())
            .stream()
                .map(name -> remove(name).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
  }
}
