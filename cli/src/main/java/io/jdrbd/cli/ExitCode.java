package io.jdrbd.cli;

import io.jdrbd.control.Reply;
import io.jdrbd.state.StateError;

/** Exit codes of {@code drbdsetup} (spec 7, section 9.1). */
final class ExitCode {
  static final int OK = 0;

  /**
   * A verify has found differences, or was interrupted. Not of drbdsetup, whose verify tells
   * nothing.
   */
  static final int NOT_EQUAL = 1;

  static final int TIMED_OUT = 5;
  static final int REFUSED = 10;
  static final int STATE_CHANGE_REFUSED = 11;
  static final int USAGE = 20;

  private static final int LOWER_THAN_OUTDATED = 5;
  private static final int NO_LOCAL_DISK = 16;
  private static final int NO_UP_TO_DATE_DISK = 17;

  private ExitCode() {}

  static int of(Reply reply) {
    if (reply instanceof Reply.Refused refused) {
      return of(refused.code());
    }
    return reply instanceof Reply.Done ? OK : USAGE;
  }

  private static int of(int code) {
    if (code >= 0) {
      return REFUSED;
    }
    if (code == StateError.LOWER_THAN_OUTDATED.code()) {
      return LOWER_THAN_OUTDATED;
    }
    if (code == StateError.NO_LOCAL_DISK.code()) {
      return NO_LOCAL_DISK;
    }
    return code == StateError.NO_UP_TO_DATE_DISK.code() ? NO_UP_TO_DATE_DISK : STATE_CHANGE_REFUSED;
  }
}
