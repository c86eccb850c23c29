package io.jdrbd.cli;

import io.jdrbd.control.Reply;

/** What is printed about a reply, in the words of {@code drbdsetup} (spec 7, section 9.1). */
final class Messages {
  private Messages() {}

  /**
   * The text for standard error; empty if there is nothing to say.
   *
   * @param object the first argument as typed
   */
  static String of(String object, Reply reply) {
    return switch (reply) {
      case Reply.Done done ->
          done.info().isEmpty() ? "" : "warnings from kernel:\n" + done.info() + "\n";
      case Reply.Refused refused ->
          "%s: %s: (%d) %s\nadditional info from kernel:\n%s\n"
              .formatted(
                  object,
                  refused.code() > 0 ? "Failure" : "State change failed",
                  refused.code(),
                  refused.text(),
                  refused.info());
      case Reply.Failed failed -> "%s: %s\n".formatted(object, failed.message());
    };
  }
}
