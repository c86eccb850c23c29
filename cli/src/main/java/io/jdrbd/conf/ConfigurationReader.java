package io.jdrbd.conf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a configuration of statements (spec 7, section 3). */
final class ConfigurationReader {
  private static final Set<String> WORDS =
      Set.of("global", "common", "resource", "include", "skip");
  private static final Set<String> GLOBAL_WORDS =
      Set.of(
          "minor-count",
          "dialog-refresh",
          "usage-count",
          "disable-ip-verification",
          "udev-always-use-vnr",
          "cmd-timeout-short",
          "cmd-timeout-medium",
          "cmd-timeout-long");
  private static final String VERSION_CHECK = "require-drbd-module-version-";
  private static final int SECONDS_MAX = 900;

  private final Problems problems = new Problems();
  private final Once once = new Once(problems);
  private final List<ResourceConf> resources = new ArrayList<>();
  private final Map<String, Position> names = new HashMap<>();
  private GlobalConf global = GlobalConf.DEFAULT;
  private Sections common = Sections.none();

  private ConfigurationReader() {}

  static Configuration read(List<Statement> statements) throws ConfException {
    ConfigurationReader reader = new ConfigurationReader();
    for (Statement statement : statements) {
      reader.problems.during(() -> reader.take(statement));
    }
    reader.problems.throwIfAny();
    return new Configuration(reader.global, reader.common, reader.resources);
  }

  private void take(Statement statement) throws ConfException {
    switch (statement.first().text()) {
      case "global" -> {
        once.check(statement);
        for (Statement item : new Words(statement).body()) {
          problems.during(() -> global(item));
        }
      }
      case "common" -> {
        once.check(statement);
        common(new Words(statement).body());
      }
      case "resource" -> resource(statement);
      default -> {
        if (!statement.first().text().startsWith(VERSION_CHECK)) {
          throw Unknown.statement(statement, "a configuration", WORDS);
        }
      }
    }
  }

  private void resource(Statement statement) throws ConfException {
    ResourceConf resource = ResourceReader.read(statement, problems);
    Position before = names.putIfAbsent(resource.name(), resource.at());
    if (before != null) {
      throw new ConfException(
          Problem.of(
              statement.words().get(1),
              "there are two resources '%s'; the first is at %s"
                  .formatted(resource.name(), before)));
    }
    resources.add(resource);
  }

  private void common(List<Statement> items) {
    SectionsReader sections = new SectionsReader(problems);
    for (Statement item : items) {
      problems.during(
          () -> {
            if (!sections.take(item)) {
              throw Unknown.statement(item, "common", SectionsReader.words());
            }
          });
    }
    common = sections.sections();
  }

  private void global(Statement item) throws ConfException {
    Words words = new Words(item);
    switch (item.first().text()) {
      case "disable-ip-verification" -> global = new GlobalConf(false, global.udevAlwaysUseVnr());
      case "udev-always-use-vnr" -> global = new GlobalConf(global.ipVerification(), true);
      case "minor-count" -> words.integer("minor-count", 1, 255);
      case "dialog-refresh" -> words.integer("dialog-refresh", 0, 600);
      case "cmd-timeout-short", "cmd-timeout-medium", "cmd-timeout-long" ->
          words.integer("the timeout in seconds", 0, SECONDS_MAX);
      case "usage-count" -> {
        if (!words.skip("ask")) {
          words.yesOrNo();
        }
      }
      default -> throw Unknown.statement(item, "global", GLOBAL_WORDS);
    }
    words.plain();
  }
}
