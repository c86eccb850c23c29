package io.jdrbd.cli;

import java.util.List;
import java.util.Optional;

/**
 * An object as {@code events2} prints it (spec 7, section 11.1). Keys that are printed together
 * when one of them changes are one group, here a string that is empty or begins with a blank.
 *
 * @param identity kind and identifying keys
 * @param destroyed the same in a line that tells of its end
 * @param groups the other keys
 * @param tail keys that are printed only together with all others
 */
record EventObject(String identity, String destroyed, List<String> groups, String tail) {
  EventObject {
    groups = List.copyOf(groups);
  }

  /** An object that has the same identity in every line and nothing but groups. */
  static EventObject of(String identity, List<String> groups) {
    return new EventObject(identity, identity, groups, "");
  }

  boolean isSame(EventObject other) {
    return identity.equals(other.identity);
  }

  /**
   * The line that tells all of it.
   *
   * @param action exists or create
   */
  String whole(String action) {
    return action + " " + identity + String.join("", groups) + tail;
  }

  /**
   * The line that tells what has changed; empty if nothing has.
   *
   * @param full tell all keys
   */
  Optional<String> change(EventObject before, boolean full) {
    if (groups.equals(before.groups)) {
      return Optional.empty();
    }
    StringBuilder line = new StringBuilder("change ").append(identity);
    for (int i = 0; i < groups.size(); i++) {
      if (full || !groups.get(i).equals(before.groups.get(i))) {
        line.append(groups.get(i));
      }
    }
    return Optional.of(line.toString());
  }

  String destroy() {
    return "destroy " + destroyed;
  }
}
