package io.jdrbd.cli;

import io.jdrbd.control.Reply;

/** What is printed about a reply, in the words of {@code drbdsetup} (spec 7, section 9.1). */
final class Messages {
  private Messages() {}

  /**
   * The text for standard error; empty if there is nothing to say. No switch over the kinds of
   * reply: its first use would cost every command some twenty milliseconds.
   *
   * @param object the first argument as typed
   */
  static String of(String object, Reply reply) {
    if (reply instanceof Reply.Refused refused) {
      return "%s: %s: (%d) %s\nadditional info from kernel:\n%s\n"
          .formatted(
              object,
              refused.code() > 0 ? "Failure" : "State change failed",
              refused.code(),
              refused.text(),
              refused.info());
    }
    if (reply instanceof Reply.Done done) {
      return done.info().isEmpty() ? "" : "warnings from kernel:\n" + done.info() + "\n";
    }
    return object + ": " + ((Reply.Failed) reply).message() + "\n";
  }
}
