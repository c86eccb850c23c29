package io.jdrbd.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of the commands about configured resources. They stand here so that a command that is
 * another one does not load what these are made of.
 */
final class AdmCommands {
  private static final List<String> STAGED = List.of("up", "adjust", "adjust-with-progress");

  private static final Set<String> ALL =
      Set.of(
          ("up adjust adjust-with-progress new-resource resource-options down primary secondary"
                  + " status role wait-connect wait-sync new-minor del-minor suspend-io resume-io"
                  + " new-current-uuid attach disk-options detach invalidate outdate dstate resize"
                  + " check-resize dump-md wipe-md apply-al repair-md dump-superblock create-md"
                  + " set-gi new-peer net-options del-peer connect disconnect cstate new-path"
                  + " del-path forget-peer peer-device-options invalidate-remote verify pause-sync"
                  + " resume-sync show-gi get-gi")
              .split(" ", -1));

  /** Those that print something for scripts. */
  static final List<String> HELPERS =
      List.of(
          "sh-nop",
          "sh-resources",
          "sh-mod-parms",
          "sh-list-adjustable",
          "sh-resource",
          "sh-list-config-file",
          "sh-lr-of",
          "sh-dev",
          "sh-minor",
          "sh-ll-dev",
          "sh-md-dev",
          "sh-md-idx",
          "sh-ip",
          "sh-udev");

  private static final Map<String, String> DESCRIPTIONS =
      Map.of(
          "up", "Bring configured resources up: create, attach, connect.",
          "adjust", "Make what is running as it is configured.",
          "adjust-with-progress", "The same as adjust.",
          "create-md", "Create the metadata of configured volumes.",
          "wait-connect", "Wait until configured resources are connected.",
          "wait-sync", "Wait until configured resources are in sync.");

  private AdmCommands() {}

  /** All of them, also those that have the name of a low-level command. */
  static Set<String> names() {
    return ALL;
  }

  /** Whether its calls are done in stages, for all resources at once. */
  static boolean isStaged(String name) {
    return STAGED.contains(name);
  }

  static String description(String name) {
    return DESCRIPTIONS.getOrDefault(name, "Do '%s' for configured resources.".formatted(name));
  }
}
