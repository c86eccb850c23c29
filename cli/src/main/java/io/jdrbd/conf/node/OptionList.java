package io.jdrbd.conf.node;

import io.jdrbd.conf.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The options of a section, and what it inherits (spec 7, section 4.5): an option that it does not
 * have comes in front of all others; one that it has itself stays; one that it has inherited must
 * not be inherited with another value. Not thread-safe.
 */
final class OptionList {
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(Setting setting, boolean inherited) {}

  private OptionList(List<Setting> settings, boolean inherited) {
    settings.forEach(setting -> entries.add(new Entry(setting, inherited)));
  }

  /** What a section says itself. */
  static OptionList written(List<Setting> settings) {
    return new OptionList(settings, false);
  }

  /** What comes from elsewhere, such as the options of a mesh for each of its connections. */
  static OptionList inherited(List<Setting> settings) {
    return new OptionList(settings, true);
  }

  /**
   * Inherits.
   *
   * @param clashes is told of two inherited values that differ: the one that is there, and the new
   *     one
   */
  OptionList inherit(List<Setting> from, BiConsumer<Setting, Setting> clashes) {
    for (Setting setting : from) {
      Optional<Entry> there =
          entries.stream()
              .filter(entry -> entry.setting().name().equals(setting.name()))
              .findFirst();
      if (there.isEmpty()) {
        entries.addFirst(new Entry(setting, true));
      } else if (there.get().inherited()
          && !there.get().setting().value().equals(setting.value())) {
        clashes.accept(there.get().setting(), setting);
      }
    }
    return this;
  }

  List<Setting> settings() {
    return entries.stream().map(Entry::setting).toList();
  }
}
