package io.jdrbd.conf;

import io.jdrbd.resource.DiskOption;
import io.jdrbd.resource.NamedOption;
import io.jdrbd.resource.NetOption;
import io.jdrbd.resource.OptionType;
import io.jdrbd.resource.PeerDeviceOption;
import io.jdrbd.resource.ResourceOption;
import io.jdrbd.resource.SizeUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options that a section takes (spec 7, section 5).
 *
 * @param section the section's word, for messages
 */
record OptionTable(String section, Map<String, OptionType> options) {
  private static final int TEXT_MAX = 1023;
  private static final int SECONDS_MAX = 300_000;

  /** Some names stand for other things in a file than on a command line, or the node checks. */
  private static final OptionType ANY_TEXT = new OptionType.Text(TEXT_MAX);

  /** Options of a device, which stand among those of its disk (spec 7, section 5.5). */
  private static final Map<String, OptionType> DEVICE = device();

  static final OptionTable NET = new OptionTable("net", net());
  static final OptionTable OPTIONS = new OptionTable("options", of(ResourceOption.values()));
  static final OptionTable PEER_DISK = new OptionTable("disk", of(PeerDeviceOption.values()));
  static final OptionTable DISK = new OptionTable("disk", disk());
  static final OptionTable VOLUME_DISK = new OptionTable("disk", volumeDisk());
  static final OptionTable STARTUP = new OptionTable("startup", startup());
  static final OptionTable HANDLERS = new OptionTable("handlers", handlers());
  static final OptionTable PROXY = new OptionTable("proxy", proxy());

  private static Map<String, OptionType> of(NamedOption... options) {
    Map<String, OptionType> table = new LinkedHashMap<>();
    for (NamedOption option : options) {
      table.put(option.word(), option.type());
    }
    return table;
  }

  /** Keys have names in a file; their numbers are looked up when they are used. */
  private static Map<String, OptionType> net() {
    Map<String, OptionType> table = of(NetOption.values());
    table.replaceAll((name, type) -> type instanceof OptionType.Key ? ANY_TEXT : type);
    return table;
  }

  /** Options of disks, devices and peer devices may stand in one section. */
  private static Map<String, OptionType> disk() {
    Map<String, OptionType> table = new LinkedHashMap<>(of(DiskOption.values()));
    table.put("al-extents", new OptionType.Numeric(0, Long.MAX_VALUE, SizeUnit.ONE, List.of()));
    table.put("resync-after", ANY_TEXT);
    table.putAll(DEVICE);
    table.put(NetOption.FENCING.word(), NetOption.FENCING.type());
    table.putAll(of(PeerDeviceOption.values()));
    return table;
  }

  /** Fencing is between nodes; only a resource's section takes it, as it once did. */
  private static Map<String, OptionType> volumeDisk() {
    Map<String, OptionType> table = disk();
    table.remove(NetOption.FENCING.word());
    return table;
  }

  private static Map<String, OptionType> device() {
    Map<String, OptionType> table = new LinkedHashMap<>();
    table.put("max-bio-size", new OptionType.Numeric(512, 1 << 20, SizeUnit.ONE, List.of()));
    table.put("block-size", new OptionType.Choice(List.of("512", "1024", "2048", "4096"), false));
    table.put("discard-granularity", new OptionType.Numeric(0, 1 << 27, SizeUnit.ONE, List.of()));
    return table;
  }

  private static Map<String, OptionType> startup() {
    Map<String, OptionType> table = new LinkedHashMap<>();
    for (String name : List.of("wfc-timeout", "degr-wfc-timeout", "outdated-wfc-timeout")) {
      table.put(name, new OptionType.Numeric(0, SECONDS_MAX, SizeUnit.ONE, List.of()));
    }
    table.put("wait-after-sb", new OptionType.Bool());
    table.put("stacked-timeouts", new OptionType.Bool());
    return table;
  }

  private static Map<String, OptionType> handlers() {
    return texts(
        "pri-on-incon-degr",
        "pri-lost-after-sb",
        "pri-lost",
        "initial-split-brain",
        "split-brain",
        "outdate-peer",
        "fence-peer",
        "unfence-peer",
        "local-io-error",
        "before-resync-target",
        "after-resync-target",
        "before-resync-source",
        "out-of-sync",
        "quorum-lost",
        "disconnected");
  }

  private static Map<String, OptionType> proxy() {
    return texts(
        "memlimit",
        "read-loops",
        "compression",
        "bwlimit",
        "sndbuf-size",
        "rcvbuf-size",
        "ping-timeout");
  }

  private static Map<String, OptionType> texts(String... names) {
    Map<String, OptionType> table = new LinkedHashMap<>();
    for (String name : names) {
      table.put(name, ANY_TEXT);
    }
    return table;
  }

  /** To which of the objects an option of {@code disk} belongs. */
  static DiskPart part(String option) {
    if (DEVICE.containsKey(option)) {
      return DiskPart.DEVICE;
    }
    boolean ofDisk =
        Arrays.stream(DiskOption.values()).anyMatch(known -> known.word().equals(option));
    return ofDisk ? DiskPart.DISK : DiskPart.PEER_DEVICE;
  }

  /** What an option takes; empty if the section has no such option. */
  Optional<OptionType> type(String name) {
    return Optional.ofNullable(options.get(name));
  }

  Set<String> names() {
    return options.keySet();
  }
}
