package io.jdrbd.conf;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the option sections of a resource or of {@code common}, old forms included (spec 7, section
 * 3).
 */
final class SectionsReader {
  private static final Map<String, String> OLD_NAMES =
      Map.of("rate", "resync-rate", "after", "resync-after");
  private static final Set<String> NOT_OPTIONS = Set.of("become-primary-on", "plugin");

  private final Problems problems;
  private final Once once;
  private final EnumMap<SectionKind, List<Setting>> settings = new EnumMap<>(SectionKind.class);

  SectionsReader(Problems problems) {
    this.problems = problems;
    this.once = new Once(problems);
  }

  static Set<String> words() {
    Set<String> words = new LinkedHashSet<>(List.of("protocol", "syncer"));
    for (SectionKind kind : SectionKind.values()) {
      words.add(kind.word());
    }
    return words;
  }

  Sections sections() {
    return new Sections(settings);
  }

  /** Takes a statement if it is a section of options, or stands for one. */
  boolean take(Statement statement) throws ConfException {
    if (statement.is("protocol")) {
      once.check(statement);
      add(SectionKind.NET, SettingsReader.read(List.of(statement), OptionTable.NET, problems));
      return true;
    }
    if (statement.is("syncer")) {
      once.check(statement);
      new Words(statement).body().forEach(this::old);
      return true;
    }
    for (SectionKind kind : SectionKind.values()) {
      if (statement.is(kind.word()) && statement.body().isPresent()) {
        once.check(statement);
        section(kind, new Words(statement).body());
        return true;
      }
    }
    return false;
  }

  private void section(SectionKind kind, List<Statement> body) {
    boolean mixed = kind == SectionKind.STARTUP || kind == SectionKind.PROXY;
    List<Statement> options =
        body.stream().filter(item -> !mixed || !NOT_OPTIONS.contains(item.first().text())).toList();
    add(kind, SettingsReader.read(options, kind.table(), problems));
  }

  /** The options of {@code syncer} belong to three sections by now. */
  private void old(Statement item) {
    String name = item.first().text();
    String today = OLD_NAMES.getOrDefault(name, name);
    List<Token> words = new ArrayList<>(item.words());
    words.set(0, new Token(Token.Kind.WORD, today, item.at(), item.first().length()));
    Statement renamed = new Statement(words, item.body());
    SectionKind kind =
        List.of(SectionKind.NET, SectionKind.OPTIONS).stream()
            .filter(each -> each.table().type(today).isPresent())
            .findFirst()
            .orElse(SectionKind.DISK);
    add(kind, SettingsReader.read(List.of(renamed), kind.table(), problems));
  }

  private void add(SectionKind kind, List<Setting> more) {
    List<Setting> all = settings.computeIfAbsent(kind, ignored -> new ArrayList<>());
    Map<String, Setting> before = new HashMap<>();
    all.forEach(setting -> before.put(setting.name(), setting));
    for (Setting setting : more) {
      Setting first = before.get(setting.name());
      if (first == null) {
        all.add(setting);
      } else {
        problems.add(
            new Problem(
                setting.at(),
                setting.name().length(),
                "'%s' is set twice; first at %s".formatted(setting.name(), first.at())));
      }
    }
  }
}
