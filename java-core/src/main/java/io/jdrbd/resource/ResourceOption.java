package io.jdrbd.resource;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The options of a resource, in the order in which {@code show} prints them (spec 7, section 5.3).
 * On a node without peers only {@code auto-promote} has work to do; the others are checked, kept
 * and reported.
 */
@SuppressWarnings("ImmutableEnumChecker") // the option types are records of lists that are copies
public enum ResourceOption {
  CPU_MASK("cpu-mask", new OptionType.Text(255), ""),
  ON_NO_DATA_ACCESSIBLE("on-no-data-accessible", choice("io-error", "suspend-io"), "io-error"),
  AUTO_PROMOTE("auto-promote", new OptionType.Bool(), "yes"),
  PEER_ACK_WINDOW(
      "peer-ack-window",
      new OptionType.Numeric(2048, 204800, SizeUnit.SECTOR, List.of()),
      "4096",
      "bytes"),
  PEER_ACK_DELAY("peer-ack-delay", number(1, 10000), "100", "milliseconds"),
  TWOPC_TIMEOUT("twopc-timeout", number(50, 600), "300", "1/10 seconds"),
  TWOPC_RETRY_TIMEOUT("twopc-retry-timeout", number(1, 50), "1", "1/10 seconds"),
  AUTO_PROMOTE_TIMEOUT("auto-promote-timeout", number(0, 600), "20", "1/10 seconds"),
  MAX_IO_DEPTH("max-io-depth", number(4, 4294967295L), "8000"),
  QUORUM("quorum", quorum(), "off"),
  ON_NO_QUORUM("on-no-quorum", choice("io-error", "suspend-io"), "suspend-io"),
  QUORUM_MINIMUM_REDUNDANCY("quorum-minimum-redundancy", quorum(), "off"),
  ON_SUSPENDED_PRIMARY_OUTDATED(
      "on-suspended-primary-outdated", choice("disconnect", "force-secondary"), "disconnect"),
  DRBD8_API_COMPATIBILITY("drbd8-api-compatibility", new OptionType.Bool(), "no");

  private final String word;
  private final OptionType type;
  private final String defaultValue;
  private final String unitWord;

  ResourceOption(String word, OptionType type, String defaultValue) {
    this(word, type, defaultValue, "");
  }

  ResourceOption(String word, OptionType type, String defaultValue, String unitWord) {
    this.word = word;
    this.type = type;
    this.defaultValue = defaultValue;
    this.unitWord = unitWord;
  }

  /** The option's name. */
  public String word() {
    return word;
  }

  /** What it accepts. */
  public OptionType type() {
    return type;
  }

  /** Its value when not set. */
  public String defaultValue() {
    return defaultValue;
  }

  /** The unit as {@code show} names it; empty for none. */
  public String unitWord() {
    return unitWord;
  }

  /** The option of that name. */
  public static Optional<ResourceOption> of(String word) {
    return Arrays.stream(values()).filter(option -> option.word.equals(word)).findFirst();
  }

  private static OptionType choice(String... words) {
    return new OptionType.Choice(List.of(words));
  }

  private static OptionType number(long min, long max) {
    return new OptionType.Numeric(min, max, SizeUnit.ONE, List.of());
  }

  private static OptionType quorum() {
    return new OptionType.Numeric(1, 32, SizeUnit.ONE, List.of("off", "majority", "all"));
  }
}
