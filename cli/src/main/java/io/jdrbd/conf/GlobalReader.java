package io.jdrbd.conf;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the {@code global} section (spec 7, sections 3 and 5.7). */
final class GlobalReader {
  private static final Set<String> WORDS =
      Set.of(
          "minor-count",
          "dialog-refresh",
          "usage-count",
          "disable-ip-verification",
          "udev-always-use-vnr",
          "cmd-timeout-short",
          "cmd-timeout-medium",
          "cmd-timeout-long");
  private static final int SECONDS_MAX = 900;

  private boolean ipVerification = true;
  private boolean udevAlwaysUseVnr;
  private OptionalInt minorCount = OptionalInt.empty();
  private OptionalInt dialogRefresh = OptionalInt.empty();
  private Optional<String> usageCount = Optional.empty();

  private GlobalReader() {}

  static GlobalConf read(Statement statement, Problems problems) throws ConfException {
    GlobalReader reader = new GlobalReader();
    for (Statement item : new Words(statement).body()) {
      problems.during(() -> reader.take(item));
    }
    return new GlobalConf(
        reader.ipVerification,
        reader.udevAlwaysUseVnr,
        reader.minorCount,
        reader.dialogRefresh,
        reader.usageCount);
  }

  private void take(Statement item) throws ConfException {
    Words words = new Words(item);
    switch (item.first().text()) {
      case "disable-ip-verification" -> ipVerification = false;
      case "udev-always-use-vnr" -> udevAlwaysUseVnr = true;
      case "minor-count" -> minorCount = OptionalInt.of(words.integer("minor-count", 1, 255));
      case "dialog-refresh" ->
          dialogRefresh = OptionalInt.of(words.integer("dialog-refresh", 0, 600));
      case "cmd-timeout-short", "cmd-timeout-medium", "cmd-timeout-long" ->
          words.integer("the timeout in seconds", 0, SECONDS_MAX);
      case "usage-count" ->
          usageCount = Optional.of(words.skip("ask") ? "ask" : words.yesOrNo() ? "yes" : "no");
      default -> throw Unknown.statement(item, "global", WORDS);
    }
    words.plain();
  }
}
