package io.jdrbd.plan;

import io.jdrbd.conf.SectionKind;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.conf.node.NodeConnection;
import io.jdrbd.conf.node.NodePath;
import io.jdrbd.conf.node.NodeVolume;
import io.jdrbd.resource.NetOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The commands that are calls about what is configured (spec 7, section 6.3). */
public final class Verbs {
  private static final Map<String, Verb> VERBS = verbs();

  private Verbs() {}

  /** The names of all. */
  public static Set<String> names() {
    return VERBS.keySet();
  }

  /**
   * The tasks of a command for one object.
   *
   * @param options of the command line, for the calls
   * @throws PlanException the object is not of the kind that the command is for, or has no disk
   */
  public static List<Task> of(
      String command, NodeConfiguration configuration, Selection selection, List<String> options)
      throws PlanException {
    Verb verb = VERBS.get(command);
    Verb.Given given =
        new Verb.Given(new Calls(configuration, selection.resource()), command, options);
    checkKind(command, verb, selection);
    List<Task> tasks = new ArrayList<>();
    switch (verb) {
      case Verb.OfResource of -> tasks.add(of.maker().make(given, selection));
      case Verb.OfVolume of -> {
        for (NodeVolume volume : selection.volumes()) {
          tasks.add(of.maker().make(given, volume));
        }
      }
      case Verb.OfPeer of -> {
        for (NodeConnection connection : selection.connections()) {
          tasks.add(of.maker().make(given, connection));
        }
      }
      case Verb.OfPath of -> {
        for (NodeConnection connection : selection.connections()) {
          for (NodePath path : connection.paths()) {
            tasks.add(of.maker().make(given, connection, path));
          }
        }
      }
      case Verb.OfPeerDevice of -> {
        for (NodeVolume volume : selection.volumes()) {
          for (NodeConnection connection : selection.connections()) {
            tasks.add(of.maker().make(given, connection, volume));
          }
        }
      }
    }
    return tasks;
  }

  /**
   * The tasks that bring a resource up.
   *
   * @throws PlanException only a volume of it is named
   */
  public static List<Task> up(NodeConfiguration configuration, Selection selection)
      throws PlanException {
    checkWhole("up", selection);
    return UpPlan.of(configuration, selection);
  }

  private static void checkKind(String command, Verb verb, Selection selection)
      throws PlanException {
    boolean ofVolume = verb instanceof Verb.OfVolume || verb instanceof Verb.OfPeerDevice;
    if (!ofVolume && !command.startsWith("wait-")) {
      checkWhole(command, selection);
    }
  }

  static void checkWhole(String command, Selection selection) throws PlanException {
    if (selection.volume().isPresent()) {
      throw new PlanException(
          1,
          "%s operates on whole resources, but you specified a specific volume!"
              .formatted(command));
    }
  }

  private static Map<String, Verb> verbs() {
    Map<String, Verb> table = new LinkedHashMap<>();
    resources(table);
    VolumeVerbs.addTo(table);
    peers(table);
    peerDevices(table);
    return table;
  }

  private static void resources(Map<String, Verb> table) {
    table.put("new-resource", resource(given -> given.calls().newResource()));
    table.put(
        "resource-options",
        resource(given -> Step.setup("resource-options", given.calls().name())));
    for (String plain : List.of("down", "primary", "secondary", "status")) {
      table.put(plain, resource(given -> Step.setup(plain, given.calls().name())));
    }
    table.put("role", new Verb.OfResource(Verbs::role));
    table.put("wait-connect", new Verb.OfResource((given, what) -> wait(given, what)));
    table.put("wait-sync", new Verb.OfResource((given, what) -> wait(given, what)));
  }

  private static Verb resource(Function<Verb.Given, Step> call) {
    return new Verb.OfResource(
        (given, what) -> given.chain(call.apply(given).with(given.options())));
  }

  private static Task role(Verb.Given given, Selection selection) {
    Step call =
        selection
            .connection()
            .map(connection -> given.calls().ofPeer("peer-role", connection))
            .orElseGet(() -> Step.setup("role", given.calls().name()));
    return given.chain(call.with(given.options()));
  }

  private static Task wait(Verb.Given given, Selection selection) {
    Calls calls = given.calls();
    String resource = given.command() + "-resource";
    List<String> startup =
        Calls.options(
            selection.resource().of(SectionKind.STARTUP).stream()
                .filter(setting -> !setting.name().equals("stacked-timeouts"))
                .toList());
    Step call =
        selection
            .connection()
            .map(
                connection ->
                    selection
                        .volume()
                        .map(
                            volume ->
                                calls.ofPeerDevice(
                                    given.command() + "-volume", connection, volume.number()))
                        .orElseGet(() -> calls.ofPeer(given.command() + "-connection", connection)))
            .orElseGet(() -> Step.setup(resource, calls.name()));
    return given.chain(
        call.with(hasTimeoutsOfItsOwn(selection) ? stackedTimeout(selection) : startup)
            .with(given.options()));
  }

  /** What is stacked does not wait as long as what it is stacked on. */
  private static boolean hasTimeoutsOfItsOwn(Selection selection) {
    return selection.resource().isStacked()
        && selection.resource().of(SectionKind.STARTUP).stream()
            .noneMatch(setting -> setting.name().equals("stacked-timeouts"));
  }

  private static List<String> stackedTimeout(Selection selection) {
    String seconds =
        selection.resource().of(SectionKind.NET).stream()
            .filter(setting -> setting.name().equals(NetOption.CONNECT_INT.word()))
            .map(setting -> Long.toString(2 * Long.parseLong(setting.value())))
            .findFirst()
            .orElse("20");
    return List.of("--wfc-timeout", seconds);
  }

  private static void peers(Map<String, Verb> table) {
    table.put("new-peer", peer((given, connection) -> given.calls().newPeer(connection)));
    table.put(
        "net-options",
        peer(
            (given, connection) ->
                given
                    .calls()
                    .ofPeer("net-options", connection)
                    .with(Calls.options(given.calls().netSettings(connection, false)))));
    for (String plain : List.of("del-peer", "connect", "disconnect", "cstate")) {
      table.put(plain, peer((given, connection) -> given.calls().ofPeer(plain, connection)));
    }
    for (String plain : List.of("new-path", "del-path")) {
      table.put(
          plain,
          new Verb.OfPath(
              (given, connection, path) ->
                  given.chain(
                      given.calls().ofPath(plain, connection, path).with(given.options()))));
    }
    table.put("forget-peer", new Verb.OfPeer(Verbs::forgetPeer));
  }

  /** The node forgets it for all volumes at once; without a node each disk is asked. */
  private static Task forgetPeer(Verb.Given given, NodeConnection connection) throws PlanException {
    List<Step> steps = new ArrayList<>();
    steps.add(given.calls().ofPeer("forget-peer", connection).with(given.options()));
    for (NodeVolume volume : given.calls().volumes()) {
      steps.add(
          given
              .calls()
              .meta(volume, "forget-peer", given.calls().nodeIdOption(connection), "forget-peer"));
    }
    return given.orElse(Set.of(), steps);
  }

  private static void peerDevices(Map<String, Verb> table) {
    table.put(
        "peer-device-options",
        peerDevice(
            (given, connection, volume) ->
                given
                    .calls()
                    .ofPeerDevice("peer-device-options", connection, volume.number())
                    .with(
                        Calls.options(
                            given.calls().peerDeviceSettings(connection, volume.number())))));
    for (String plain : List.of("invalidate-remote", "verify", "pause-sync", "resume-sync")) {
      table.put(
          plain,
          peerDevice(
              (given, connection, volume) ->
                  given.calls().ofPeerDevice(plain, connection, volume.number())));
    }
    for (String plain : List.of("show-gi", "get-gi")) {
      table.put(
          plain,
          new Verb.OfPeerDevice(
              (given, connection, volume) ->
                  given.orElse(
                      Set.of(),
                      List.of(
                          given
                              .calls()
                              .ofPeerDevice(plain, connection, volume.number())
                              .with(given.options()),
                          given
                              .calls()
                              .meta(
                                  volume, plain, given.calls().nodeIdOption(connection), plain)))));
    }
  }

  /** A call about a connection. */
  @FunctionalInterface
  private interface PeerCall {
    Step of(Verb.Given given, NodeConnection connection);
  }

  /** A call about a peer device. */
  @FunctionalInterface
  private interface PeerDeviceCall {
    Step of(Verb.Given given, NodeConnection connection, NodeVolume volume);
  }

  private static Verb peer(PeerCall call) {
    return new Verb.OfPeer(
        (given, connection) -> given.chain(call.of(given, connection).with(given.options())));
  }

  private static Verb peerDevice(PeerDeviceCall call) {
    return new Verb.OfPeerDevice(
        (given, connection, volume) ->
            given.chain(call.of(given, connection, volume).with(given.options())));
  }
}
