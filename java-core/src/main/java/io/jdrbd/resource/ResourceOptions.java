package io.jdrbd.resource;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The options of one resource; what is not set has its default. */
public final class ResourceOptions {
  private static final ResourceOptions DEFAULTS =
      new ResourceOptions(new EnumMap<>(ResourceOption.class));

  private final EnumMap<ResourceOption, String> values;

  private ResourceOptions(EnumMap<ResourceOption, String> values) {
    this.values = values;
  }

  /** Every option at its default. */
  public static ResourceOptions defaults() {
    return DEFAULTS;
  }

  /**
   * These options with some of them changed.
   *
   * @param changes by name
   * @throws IllegalArgumentException names the option, the value and what would be accepted
   */
  public ResourceOptions with(Map<String, String> changes) {
    EnumMap<ResourceOption, String> changed = new EnumMap<>(ResourceOption.class);
    changed.putAll(values);
    changes.forEach(
        (name, value) -> {
          ResourceOption option =
              ResourceOption.of(name)
                  .orElseThrow(
                      () -> new IllegalArgumentException("no resource option is called " + name));
          String canonical = option.type().canonical(value).orElseThrow(() -> bad(option, value));
          if (canonical.equals(option.defaultValue())) {
            changed.remove(option);
          } else {
            changed.put(option, canonical);
          }
        });
    return new ResourceOptions(changed);
  }

  /** What differs from the default, by name, in the order of the options. */
  public Map<String, String> nonDefaults() {
    Map<String, String> byName = new LinkedHashMap<>();
    values.forEach((option, value) -> byName.put(option.word(), value));
    return Collections.unmodifiableMap(byName);
  }

  /** The value of an option, in canonical form. */
  public String get(ResourceOption option) {
    return values.getOrDefault(option, option.defaultValue());
  }

  /** Whether the first open for writing promotes. */
  public boolean autoPromote() {
    return get(ResourceOption.AUTO_PROMOTE).equals("yes");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResourceOptions options && options.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return nonDefaults().toString();
  }

  private static IllegalArgumentException bad(ResourceOption option, String value) {
    return new IllegalArgumentException(
        "option %s: '%s' is not accepted; it takes %s"
            .formatted(option.word(), value, option.type().accepts()));
  }
}
