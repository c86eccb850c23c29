package io.jdrbd.resource;

import static io.jdrbd.resource.OptionSpec.bool;
import static io.jdrbd.resource.OptionSpec.choice;
import static io.jdrbd.resource.OptionSpec.declare;
import static io.jdrbd.resource.OptionSpec.number;
import static io.jdrbd.resource.OptionSpec.size;

import java.util.List;

/**
 * The options of an attached disk, in the order in which {@code show} prints them (spec 7, section
 * 5.4).
 */
@SuppressWarnings("ImmutableEnumChecker") // the option types are records of lists that are copies
public enum DiskOption implements NamedOption {
  SIZE(size("size", 0, 1L << 41, 0, SizeUnit.SECTOR).in("bytes")),
  ON_IO_ERROR(
      choice("on-io-error", "pass_on", "call-local-io-error", "detach").withDefault("detach")),
  DISK_BARRIER(bool("disk-barrier", false)),
  DISK_FLUSHES(bool("disk-flushes", true)),
  DISK_DRAIN(bool("disk-drain", true)),
  MD_FLUSHES(bool("md-flushes", true)),
  RESYNC_AFTER(
      declare(
          "resync-after", new OptionType.Numeric(0, 1048575, SizeUnit.ONE, List.of("-1")), "-1")),
  AL_EXTENTS(number("al-extents", 67, 65534, 1237)),
  AL_UPDATES(bool("al-updates", true)),
  DISCARD_ZEROES_IF_ALIGNED(bool("discard-zeroes-if-aligned", true)),
  DISABLE_WRITE_SAME(bool("disable-write-same", false)),
  DISK_TIMEOUT(number("disk-timeout", 0, 6000, 0).in("1/10 seconds")),
  READ_BALANCING(
      choice(
          "read-balancing",
          "prefer-local",
          "prefer-remote",
          "round-robin",
          "least-pending",
          "when-congested-remote",
          "32K-striping",
          "64K-striping",
          "128K-striping",
          "256K-striping",
          "512K-striping",
          "1M-striping")),
  RS_DISCARD_GRANULARITY(number("rs-discard-granularity", 0, 1048576, 0).in("bytes")),
  BITMAP(bool("bitmap", true));

  private final OptionSpec spec;

  DiskOption(OptionSpec spec) {
    this.spec = spec;
  }

  @Override
  public OptionSpec spec() {
    return spec;
  }
}
