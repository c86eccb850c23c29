package io.jdrbd.conf;

import io.jdrbd.resource.NetOption;
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
      Map.of("rate", "resync-rate", "after", "resync-after", "outdate-peer", "fence-peer");
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

  /** The {@code common} section. */
  static Sections common(Statement statement, Problems problems) throws ConfException {
    SectionsReader reader = new SectionsReader(problems);
    for (Statement item : new Words(statement).body()) {
      problems.during(
          () -> {
            if (!reader.take(item)) {
              throw Unknown.statement(item, "common", words());
            }
          });
    }
    return reader.sections();
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
    List<Statement> today =
        kind == SectionKind.HANDLERS
            ? options.stream().map(SectionsReader::renamed).toList()
            : options;
    List<Setting> read = SettingsReader.read(today, kind.table(), problems);
    boolean disk = kind == SectionKind.DISK;
    add(kind, read.stream().filter(setting -> !disk || !isFencing(setting)).toList());
    if (disk) {
      add(SectionKind.NET, read.stream().filter(SectionsReader::isFencing).toList());
    }
  }

  /** Once an option of disks, by now one of connections. */
  private static boolean isFencing(Setting setting) {
    return setting.name().equals(NetOption.FENCING.word());
  }

  /** As it is called by now. */
  private static Statement renamed(Statement item) {
    String name = item.first().text();
    List<Token> words = new ArrayList<>(item.words());
    words.set(
        0,
        new Token(
            Token.Kind.WORD, OLD_NAMES.getOrDefault(name, name), item.at(), item.first().length()));
    return new Statement(words, item.body());
  }

  /** The options of {@code syncer} belong to three sections by now. */
  private void old(Statement item) {
    Statement renamed = renamed(item);
    String today = renamed.first().text();
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
