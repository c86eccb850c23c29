package io.jdrbd.cli;

import io.jdrbd.resource.ResourceView;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prints events as they arrive; remembers what was printed last, to tell what has changed. */
final class Events2Stream {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx");

  private final Events2Text text;
  private final Optional<String> only;
  private final boolean timestamps;
  private final PrintStream out;
  private final Map<String, ResourceView> printed = new HashMap<>();
  private boolean initial = true;

  /**
   * @param only the one resource that is wanted; empty for all
   */
  Events2Stream(Events2Text text, Optional<String> only, boolean timestamps, PrintStream out) {
    this.text = text;
    this.only = only;
    this.timestamps = timestamps;
    this.out = out;
  }

  void changed(ResourceView resource) {
    if (isWanted(resource.name())) {
      Optional<ResourceView> before = Optional.ofNullable(printed.put(resource.name(), resource));
      print(initial ? text.exists(resource) : text.changed(before, resource));
    }
  }

  void gone(String name) {
    Optional.ofNullable(printed.remove(name)).ifPresent(before -> print(text.gone(before)));
  }

  void initialStateDone() {
    initial = false;
    print(List.of("exists -"));
  }

  private boolean isWanted(String name) {
    return only.isEmpty() || only.get().equals(name);
  }

  private void print(List<String> lines) {
    String time =
        timestamps ? TIMESTAMP.format(ZonedDateTime.now(ZoneId.systemDefault())) + " " : "";
    lines.forEach(line -> out.print(time + line + "\n"));
    out.flush();
  }
}
