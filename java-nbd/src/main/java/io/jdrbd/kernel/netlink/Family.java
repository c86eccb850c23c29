package io.jdrbd.kernel.netlink;

/**
 * A family of generic netlink as the controller describes it.
 *
 * @param name by which it was asked for
 * @param id the message type of its messages
 * @param version of its commands
 */
public record Family(String name, int id, int version) {
  /** The controller, which knows the others. */
  public static final Family CONTROLLER = new Family("nlctrl", 0x10, 2);

  static final int COMMAND_GET = 3;

  private static final int ATTRIBUTE_ID = 1;
  private static final int ATTRIBUTE_NAME = 2;
  private static final int ATTRIBUTE_VERSION = 3;

  /** The question to the controller. */
  static Attributes question(String name) {
    return Attributes.NONE.withString(ATTRIBUTE_NAME, name);
  }

  /** The controller's answer. */
  static Family parse(Attributes answer) throws NetlinkFormatException {
    return new Family(
        answer.string(ATTRIBUTE_NAME).orElse(""),
        (int) answer.requireNumber(ATTRIBUTE_ID),
        (int) answer.requireNumber(ATTRIBUTE_VERSION));
  }
}
