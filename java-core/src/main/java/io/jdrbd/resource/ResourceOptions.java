package io.jdrbd.resource;

import java.util.Map;

/** The options of one resource; what is not set has its default. */
public record ResourceOptions(OptionValues<ResourceOption> values) {
  private static final ResourceOptions DEFAULTS =
      new ResourceOptions(OptionValues.defaults(ResourceOption.class));

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
    return new ResourceOptions(values.with(changes));
  }

  /** What differs from the default, by name, in the order of the options. */
  public Map<String, String> nonDefaults() {
    return values.nonDefaults();
  }

  /** The value of one option as people write it. */
  public String text(ResourceOption option) {
    return values.get(option);
  }

  /** Whether the first open for writing promotes. */
  public boolean autoPromote() {
    return values.isSet(ResourceOption.AUTO_PROMOTE);
  }

  /** How long the nodes have for a state change of the whole cluster, in tenths of a second. */
  public int twopcTimeoutDs() {
    return (int) values.number(ResourceOption.TWOPC_TIMEOUT);
  }

  /** The pause before a state change of the whole cluster is tried again, in tenths of a second. */
  public int twopcRetryTimeoutDs() {
    return (int) values.number(ResourceOption.TWOPC_RETRY_TIMEOUT);
  }

  /** How long an open waits for a promotion that does not pass yet, in tenths of a second. */
  public int autoPromoteTimeoutDs() {
    return (int) values.number(ResourceOption.AUTO_PROMOTE_TIMEOUT);
  }

  /** Whether I/O waits, rather than fails, where no UpToDate data can be reached. */
  public boolean suspendsWithoutData() {
    return values.get(ResourceOption.ON_NO_DATA_ACCESSIBLE).equals("suspend-io");
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
