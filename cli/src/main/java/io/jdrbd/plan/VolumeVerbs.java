package io.jdrbd.plan;

import io.jdrbd.conf.DiskPart;
import io.jdrbd.conf.Setting;
import io.jdrbd.conf.node.NodeVolume;
import io.jdrbd.resource.DiskOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The commands about volumes and their metadata (spec 7, section 6.3). */
final class VolumeVerbs {
  /** Exit codes of drbdsetup that say the node has decided (spec 7, section 9.1). */
  private static final int STATE_CHANGE_REFUSED = 11;

  private static final int NEEDS_UP_TO_DATE = 17;

  private VolumeVerbs() {}

  static void addTo(Map<String, Verb> table) {
    table.put("new-minor", volume((calls, volume) -> calls.newMinor(volume)));
    for (String plain : List.of("del-minor", "suspend-io", "resume-io", "new-current-uuid")) {
      table.put(plain, volume((calls, volume) -> Step.setup(plain, volume.minor())));
    }
    table.put(
        "attach",
        new Verb.OfVolume(
            (given, volume) ->
                given.chain(
                    given.calls().meta(volume, "attach", "repair-md"),
                    given.calls().meta(volume, "attach", "apply-al"),
                    given.calls().attach(volume).with(given.options()))));
    table.put(
        "disk-options",
        volume(
            (calls, volume) -> {
              Calls.requireDisk(volume, "disk-options");
              return Step.setup("disk-options", volume.minor())
                  .with(Calls.options(calls.diskSettings(volume)));
            }));
    table.put(
        "detach",
        volume(
            (calls, volume) -> {
              Calls.requireDisk(volume, "detach");
              return Step.setup("detach", volume.minor());
            }));
    table.put(
        "invalidate",
        new Verb.OfVolume(
            (given, volume) ->
                given.orElse(
                    Set.of(STATE_CHANGE_REFUSED, NEEDS_UP_TO_DATE),
                    List.of(
                        Step.setup("invalidate", volume.minor()).with(given.options()),
                        given.calls().meta(volume, "invalidate", "invalidate")))));
    table.put(
        "outdate",
        new Verb.OfVolume(
            (given, volume) ->
                given.orElse(
                    Set.of(NEEDS_UP_TO_DATE),
                    List.of(
                        Step.setup("outdate", given.calls().name(), volume.minor())
                            .with(given.options()),
                        given.calls().meta(volume, "outdate", "outdate")))));
    table.put("dstate", new Verb.OfVolume(VolumeVerbs::diskState));
    table.put(
        "resize",
        new Verb.OfVolume(
            (given, volume) -> {
              Calls.requireDisk(volume, "resize");
              return resize(given.calls(), volume, resizeOptions(given, volume));
            }));
    table.put(
        "check-resize",
        new Verb.OfVolume(
            (given, volume) -> resize(given.calls(), volume, resizeOptions(given, volume))));
    metadata(table);
  }

  private static Task diskState(Verb.Given given, NodeVolume volume) throws PlanException {
    Step running = Step.setup("dstate", volume.minor()).with(given.options());
    return volume.diskPath().isEmpty()
        ? given.chain(running)
        : given.orElse(Set.of(), List.of(running, given.calls().meta(volume, "dstate", "dstate")));
  }

  private static List<String> resizeOptions(Verb.Given given, NodeVolume volume) {
    List<String> all =
        new ArrayList<>(
            Calls.options(
                volume.settings(DiskPart.DISK).stream().filter(VolumeVerbs::isSize).toList()));
    all.addAll(given.options());
    return all;
  }

  static boolean isSize(Setting setting) {
    return setting.name().equals(DiskOption.SIZE.word());
  }

  static Task resize(Calls calls, NodeVolume volume, List<String> options) {
    return new Task(
        calls.name(),
        "resize",
        Stage.DISK,
        new Task.Order.FirstCounts(),
        List.of(
            Step.setup("resize", volume.minor()).with(options),
            Step.setup("check-resize", volume.minor())));
  }

  private static void metadata(Map<String, Verb> table) {
    for (String plain : List.of("dump-md", "wipe-md", "apply-al", "repair-md")) {
      table.put(plain, volume((calls, volume) -> calls.meta(volume, plain, plain)));
    }
    table.put(
        "dump-superblock",
        volume(
            (calls, volume) ->
                calls.meta(volume, "dump-superblock", "dump-superblock", "--output-format=json")));
    table.put("create-md", new Verb.OfVolume(VolumeVerbs::createMd));
    table.put(
        "set-gi",
        new Verb.OfPeerDevice(
            (given, connection, volume) ->
                given.chain(
                    given
                        .calls()
                        .meta(volume, "set-gi", given.calls().nodeIdOption(connection), "set-gi")
                        .with(given.options()))));
  }

  /** drbdmeta takes the number of peers as an argument, and has no option for it. */
  private static Task createMd(Verb.Given given, NodeVolume volume) throws PlanException {
    String option = "--max-peers=";
    String peers =
        given.options().stream()
            .filter(word -> word.startsWith(option))
            .map(word -> word.substring(option.length()))
            .reduce((first, last) -> last)
            .orElseGet(() -> Long.toString(given.calls().peersWithDisk()));
    return given.chain(
        given
            .calls()
            .meta(volume, "create-md", "create-md", peers)
            .with(given.options().stream().filter(word -> !word.startsWith(option)).toList()));
  }

  /** A call about a volume. */
  @FunctionalInterface
  private interface VolumeCall {
    Step of(Calls calls, NodeVolume volume) throws PlanException;
  }

  private static Verb volume(VolumeCall call) {
    return new Verb.OfVolume(
        (given, volume) -> given.chain(call.of(given.calls(), volume).with(given.options())));
  }
}
