package io.jdrbd.resource;

import static io.jdrbd.resource.OptionSpec.bool;
import static io.jdrbd.resource.OptionSpec.choice;
import static io.jdrbd.resource.OptionSpec.declare;
import static io.jdrbd.resource.OptionSpec.number;
import static io.jdrbd.resource.OptionSpec.size;
import static io.jdrbd.resource.OptionSpec.text;

import java.util.List;

/**
 * The options of a resource, in the order in which {@code show} prints them (spec 7, section 5.3).
 */
@SuppressWarnings("ImmutableEnumChecker") // the option types are records of lists that are copies
public enum ResourceOption implements NamedOption {
  CPU_MASK(text("cpu-mask", 255)),
  ON_NO_DATA_ACCESSIBLE(choice("on-no-data-accessible", "io-error", "suspend-io")),
  AUTO_PROMOTE(bool("auto-promote", true)),
  PEER_ACK_WINDOW(size("peer-ack-window", 2048, 204800, 4096, SizeUnit.SECTOR).in("bytes")),
  PEER_ACK_DELAY(number("peer-ack-delay", 1, 10000, 100).in("milliseconds")),
  TWOPC_TIMEOUT(number("twopc-timeout", 50, 600, 300).in("1/10 seconds")),
  TWOPC_RETRY_TIMEOUT(number("twopc-retry-timeout", 1, 50, 1).in("1/10 seconds")),
  AUTO_PROMOTE_TIMEOUT(number("auto-promote-timeout", 0, 600, 20).in("1/10 seconds")),
  MAX_IO_DEPTH(number("max-io-depth", 4, 4294967295L, 8000)),
  QUORUM(quorum("quorum")),
  ON_NO_QUORUM(choice("on-no-quorum", "io-error", "suspend-io").withDefault("suspend-io")),
  QUORUM_MINIMUM_REDUNDANCY(quorum("quorum-minimum-redundancy")),
  ON_SUSPENDED_PRIMARY_OUTDATED(
      choice("on-suspended-primary-outdated", "disconnect", "force-secondary")),
  DRBD8_API_COMPATIBILITY(bool("drbd8-api-compatibility", false));

  private final OptionSpec spec;

  ResourceOption(OptionSpec spec) {
    this.spec = spec;
  }

  @Override
  public OptionSpec spec() {
    return spec;
  }

  private static OptionSpec quorum(String word) {
    return declare(
        word,
        new OptionType.Numeric(1, 32, SizeUnit.ONE, List.of("off", "majority", "all")),
        "off");
  }
}
