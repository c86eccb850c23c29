package io.jdrbd.cli;

import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.text.DumpWriter;
import io.jdrbd.metadata.tool.CreateOptions;
import io.jdrbd.metadata.tool.LastKnownSize;
import io.jdrbd.metadata.tool.LastKnownSizes;
import io.jdrbd.metadata.tool.MetadataTool;
import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.resource.SizeUnit;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What each command of {@code drbdmeta} does with its arguments. */
final class MetadataActions {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z");

  private static final int BLOCK_KIB = 4;

  private static final Map<String, Action> ACTIONS = actions();

  /** Commands that leave the disk as it is, and so nothing new to be remembered. */
  private static final Set<String> READING =
      Set.of("dump-md", "verify-dump", "dstate", "get-gi", "show-gi", "read-dev-uuid");

  private final Arguments arguments;
  private final Surroundings surroundings;
  private final Action action;

  /** Carries out one command. */
  private interface Action {
    void run(MetadataActions given, MetadataTool tool) throws IOException, ToolException;
  }

  MetadataActions(Arguments arguments, Surroundings surroundings) {
    this.arguments = arguments;
    this.surroundings = surroundings;
    String command = arguments.positional(4, "");
    this.action = ACTIONS.get(command);
    if (action == null) {
      throw new UsageException(
          "'%s' is no command: must be one of %s".formatted(command, String.join(", ", names())));
    }
  }

  static Set<String> names() {
    return ACTIONS.keySet();
  }

  void run(MetadataTool tool) throws IOException, ToolException {
    action.run(this, tool);
    Optional<Integer> minor = minor();
    if (minor.isPresent() && !READING.contains(arguments.positional(4, ""))) {
      remember(minor.get(), tool.memo(arguments.positional(2, "")));
    }
  }

  /** Which device it is about; empty where the person did not say. */
  private Optional<Integer> minor() {
    String device = arguments.positional(0, "");
    return device.equals("-") ? Optional.empty() : Optional.of(Numbers.minor(device));
  }

  private LastKnownSizes memos() {
    String named = arguments.value("--var-lib-drbd", "");
    return new LastKnownSizes(
        named.isEmpty() ? surroundings.runDir().formerSizes() : Path.of(named));
  }

  /** Only a help for later, so that the command has done its work also where this fails. */
  private void remember(int minor, Optional<LastKnownSize> memo) {
    try {
      if (memo.isPresent()) {
        memos().remember(minor, memo.get());
      } else {
        memos().forget(minor);
      }
    } catch (IOException e) {
      surroundings.err().printf("The size of the device is not remembered: %s%n", e);
    }
  }

  private static void checkResize(MetadataActions given, MetadataTool tool)
      throws IOException, ToolException {
    Optional<Integer> minor = given.minor();
    tool.checkResize(minor.isPresent() ? given.memos().find(minor.get()) : Optional.empty());
  }

  private static Map<String, Action> actions() {
    Map<String, Action> table = new LinkedHashMap<>();
    table.put("create-md", (given, tool) -> tool.create(given.createOptions()));
    table.put("dump-md", MetadataActions::dump);
    table.put("restore-md", MetadataActions::restore);
    table.put("verify-dump", MetadataActions::verify);
    table.put("apply-al", (given, tool) -> tool.applyLog());
    table.put("check-resize", MetadataActions::checkResize);
    table.put("wipe-md", (given, tool) -> tool.wipe());
    table.put("outdate", (given, tool) -> tool.outdate());
    table.put("invalidate", (given, tool) -> tool.invalidate());
    table.put("dstate", (given, tool) -> given.print(tool.diskState()));
    table.put("get-gi", (given, tool) -> given.print(tool.generations(given.node())));
    table.put(
        "show-gi",
        (given, tool) -> given.surroundings.out().print(tool.generationsDrawn(given.node())));
    table.put("set-gi", (given, tool) -> tool.setGenerations(given.node(), given.argument("GI")));
    table.put("read-dev-uuid", (given, tool) -> given.print(tool.deviceUuid()));
    table.put("write-dev-uuid", (given, tool) -> tool.setDeviceUuid(given.uuid()));
    table.put("forget-peer", (given, tool) -> tool.forgetPeer(given.node()));
    return table;
  }

  private void print(String line) {
    surroundings.out().println(line);
  }

  private static void dump(MetadataActions given, MetadataTool tool)
      throws IOException, ToolException {
    StringBuilder header = new StringBuilder();
    ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
    new DumpWriter(header)
        .header(
            "%s [%d]".formatted(DATE.format(now), now.toEpochSecond()),
            InetAddress.getLocalHost().getHostName(),
            "drbdmeta " + String.join(" ", given.arguments.positionals()));
    tool.dump(given.surroundings.out(), header, given.arguments.isSet("--force"));
  }

  private static void restore(MetadataActions given, MetadataTool tool)
      throws IOException, ToolException {
    Path file = Path.of(given.argument("FILE"));
    try (Reader dump = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
      tool.restore(dump, given.alGeometry(), given.ignoresSanityChecks());
    }
  }

  private static void verify(MetadataActions given, MetadataTool tool)
      throws IOException, ToolException {
    Path file = Path.of(given.argument("FILE"));
    try (Reader dump = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
      tool.verify(dump);
    }
  }

  private boolean ignoresSanityChecks() {
    return arguments.isSet("--ignore-sanity-checks");
  }

  /** As the person wants it; empty for what is usual, or what a dump says. */
  private Optional<AlGeometry> alGeometry() {
    if (arguments.value("--al-stripes", "").isEmpty()
        && arguments.value("--al-stripe-size-kB", "").isEmpty()) {
      return Optional.empty();
    }
    long kib = size("--al-stripe-size-kB", SizeUnit.KIB, 32);
    if (kib % BLOCK_KIB != 0) {
      throw new UsageException("--al-stripe-size-kB %d: must be a multiple of 4".formatted(kib));
    }
    try {
      return Optional.of(
          new AlGeometry((int) size("--al-stripes", SizeUnit.ONE, 1), (int) (kib / BLOCK_KIB)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private CreateOptions createOptions() {
    boolean nine = arguments.positional(1, "").equals("v09");
    int maxPeers = nine ? Numbers.parse("MAX-PEERS", argument("MAX-PEERS")) : 1;
    try {
      return new CreateOptions(
          maxPeers,
          new BitGranularity((int) size("--bitmap-block-size", SizeUnit.ONE, 4096)),
          alGeometry().orElse(AlGeometry.DEFAULT),
          size("--effective-size", SizeUnit.SECTOR, 0),
          (int) size("--peer-max-bio-size", SizeUnit.ONE, 0),
          mask(arguments.value("--diskful-peers", "")),
          ignoresSanityChecks());
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private long size(String option, SizeUnit unit, long none) {
    String text = arguments.value(option, "");
    if (text.isEmpty()) {
      return none;
    }
    return unit.parse(text)
        .filter(number -> number <= Integer.MAX_VALUE || unit == SizeUnit.SECTOR)
        .orElseThrow(
            () -> new UsageException("%s '%s' is not a size such as 4k".formatted(option, text)));
  }

  private static int mask(String list) {
    int mask = 0;
    for (String node : list.isEmpty() ? new String[0] : list.split(",", -1)) {
      mask |= 1 << nodeId(node);
    }
    return mask;
  }

  private int node() {
    boolean nine = arguments.positional(1, "").equals("v09");
    String node = arguments.value("--node-id", nine ? "" : "0");
    if (node.isEmpty()) {
      throw new UsageException("this command needs --node-id for format v09");
    }
    return nodeId(node);
  }

  private static int nodeId(String text) {
    int node = Numbers.parse("node id", text);
    if (node >= SuperblockV09.NODES) {
      throw new UsageException("node id %d: must be from 0 to 31".formatted(node));
    }
    return node;
  }

  private long uuid() {
    String text = argument("UUID");
    if (!text.matches("[0-9a-fA-F]{1,16}")) {
      throw new UsageException("'%s' is not a UUID of 1 to 16 hexadecimal digits".formatted(text));
    }
    return Long.parseUnsignedLong(text, 16);
  }

  private String argument(String label) {
    if (!arguments.hasPositional(5)) {
      throw new UsageException("%s is missing".formatted(label));
    }
    return arguments.positional(5, "");
  }
}
