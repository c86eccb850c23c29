package io.jdrbd.kernel.netlink;

import java.util.HashMap;
import java.util.Map;

/**
 * A family of generic netlink as the controller describes it.
 *
 * @param name by which it was asked for
 * @param id the message type of its messages
 * @param version of its commands
 * @param groups its multicast groups: id by name
 */
public record Family(String name, int id, int version, Map<String, Integer> groups) {
  /** The controller, which knows the others. */
  public static final Family CONTROLLER = new Family("nlctrl", 0x10, 2, Map.of());

  static final int COMMAND_GET = 3;

  private static final int ATTRIBUTE_ID = 1;
  private static final int ATTRIBUTE_NAME = 2;
  private static final int ATTRIBUTE_VERSION = 3;
  private static final int ATTRIBUTE_GROUPS = 7;
  private static final int GROUP_NAME = 1;
  private static final int GROUP_ID = 2;

  public Family {
    groups = Map.copyOf(groups);
  }

  /** The question to the controller. */
  static Attributes question(String name) {
    return Attributes.NONE.withString(ATTRIBUTE_NAME, name);
  }

  /** The controller's answer. */
  static Family parse(Attributes answer) throws NetlinkFormatException {
    Map<String, Integer> groups = new HashMap<>();
    for (Attributes group : answer.nested(ATTRIBUTE_GROUPS).items()) {
      groups.put(group.string(GROUP_NAME).orElse(""), (int) group.requireNumber(GROUP_ID));
    }
    return new Family(
        answer.string(ATTRIBUTE_NAME).orElse(""),
        (int) answer.requireNumber(ATTRIBUTE_ID),
        (int) answer.requireNumber(ATTRIBUTE_VERSION),
        groups);
  }
}
