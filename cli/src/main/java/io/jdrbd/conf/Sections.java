package io.jdrbd.conf;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The options of a resource or of {@code common}, by section. */
public record Sections(Map<SectionKind, List<Setting>> settings) {
  public Sections {
    settings = Map.copyOf(settings);
  }

  /** The options of one section, in the order in which they are written. */
  public List<Setting> of(SectionKind kind) {
    return settings.getOrDefault(kind, List.of());
  }

  /** Whether no option is set. */
  public boolean isEmpty() {
    return settings.values().stream().allMatch(List::isEmpty);
  }

  /** No option is set. */
  static Sections none() {
    return new Sections(new EnumMap<>(SectionKind.class));
  }
}
