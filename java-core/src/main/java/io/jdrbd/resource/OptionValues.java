package io.jdrbd.resource;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values of the options of one kind; what is not set has its default. Never changes.
 *
 * @param <O> the enum that lists the options
 */
public final class OptionValues<O extends Enum<O> & NamedOption> {
  private static final String HIDDEN = "(not shown)";

  private final Class<O> kind;
  private final EnumMap<O, String> values;

  private OptionValues(Class<O> kind, EnumMap<O, String> values) {
    this.kind = kind;
    this.values = values;
  }

  /** Every option at its default. */
  static <O extends Enum<O> & NamedOption> OptionValues<O> defaults(Class<O> kind) {
    return new OptionValues<>(kind, new EnumMap<>(kind));
  }

  /**
   * These values with some of them changed.
   *
   * @param changes by name
   * @throws IllegalArgumentException names the option, the value and what would be accepted
   */
  public OptionValues<O> with(Map<String, String> changes) {
    EnumMap<O, String> changed = new EnumMap<>(values);
    changes.forEach(
        (name, value) -> {
          O option = named(name);
          String canonical = option.type().canonical(value).orElseThrow(() -> bad(option, value));
          if (canonical.equals(option.defaultValue())) {
            changed.remove(option);
          } else {
            changed.put(option, canonical);
          }
        });
    return new OptionValues<>(kind, changed);
  }

  /** These values, all but those that are fixed at creation back at their defaults. */
  public OptionValues<O> reset() {
    EnumMap<O, String> kept = new EnumMap<>(values);
    kept.keySet().removeIf(option -> !option.spec().immutable());
    return new OptionValues<>(kind, kept);
  }

  private O named(String name) {
    for (O option : kind.getEnumConstants()) {
      if (option.word().equals(name)) {
        return option;
      }
    }
    throw new IllegalArgumentException("no option is called " + name);
  }

  /** What differs from the default, by name, in the order of the options. */
  public Map<String, String> nonDefaults() {
    Map<String, String> byName = new LinkedHashMap<>();
    values.forEach((option, value) -> byName.put(option.word(), value));
    return Collections.unmodifiableMap(byName);
  }

  /** The value of an option, in canonical form. */
  public String get(O option) {
    return values.getOrDefault(option, option.defaultValue());
  }

  /** Whether an option has its default. */
  public boolean isDefault(O option) {
    return !values.containsKey(option);
  }

  /** Whether an option that takes yes or no says yes. */
  boolean isSet(O option) {
    return get(option).equals("yes");
  }

  /** The value of an option that is a number, in the option's unit. */
  long number(O option) {
    return Long.parseLong(get(option));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OptionValues<?> that
        && that.kind.equals(kind)
        && that.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** What differs from the default, for people and logs: without secrets. */
  @Override
  public String toString() {
    Map<String, String> shown = new LinkedHashMap<>();
    values.forEach(
        (option, value) -> shown.put(option.word(), option.spec().secret() ? HIDDEN : value));
    return shown.toString();
  }

  private static IllegalArgumentException bad(NamedOption option, String value) {
    return new IllegalArgumentException(
        "option %s: '%s' is not accepted; it takes %s"
            .formatted(
                option.word(), option.spec().secret() ? HIDDEN : value, option.type().accepts()));
  }
}
