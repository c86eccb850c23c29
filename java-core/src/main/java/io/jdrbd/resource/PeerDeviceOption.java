package io.jdrbd.resource;

import static io.jdrbd.resource.OptionSpec.bool;
import static io.jdrbd.resource.OptionSpec.number;
import static io.jdrbd.resource.OptionSpec.size;

/**
 * The options of a peer device, in the order in which {@code show} prints them (spec 7, section
 * 5.6).
 */
@SuppressWarnings("ImmutableEnumChecker") // the option types are records of lists that are copies
public enum PeerDeviceOption implements NamedOption {
  RESYNC_RATE(size("resync-rate", 1, 8388608, 250, SizeUnit.KIB).in("bytes/second")),
  C_PLAN_AHEAD(number("c-plan-ahead", 0, 300, 20).in("1/10 seconds")),
  C_DELAY_TARGET(number("c-delay-target", 1, 100, 10).in("1/10 seconds")),
  C_FILL_TARGET(size("c-fill-target", 0, 1048576, 100, SizeUnit.SECTOR).in("bytes")),
  C_MAX_RATE(size("c-max-rate", 0, 4194304, 102400, SizeUnit.KIB).in("bytes/second")),
  C_MIN_RATE(size("c-min-rate", 0, 4194304, 250, SizeUnit.KIB).in("bytes/second")),
  BITMAP(bool("bitmap", true)),
  RESYNC_WITHOUT_REPLICATION(bool("resync-without-replication", true)),
  PEER_TIEBREAKER(bool("peer-tiebreaker", true));

  private final OptionSpec spec;

  PeerDeviceOption(OptionSpec spec) {
    this.spec = spec;
  }

  @Override
  public OptionSpec spec() {
    return spec;
  }
}
