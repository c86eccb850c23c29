package io.jdrbd.daemon;

import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import io.jdrbd.state.Verdict;

/**
 * What a command came to.
 *
 * @param warning what the person should know although it passed; empty for nothing
 */
record Outcome(Verdict verdict, String warning) {

  static Outcome of(Verdict verdict) {
    return new Outcome(verdict, "");
  }

  Reply reply() {
    return verdict.ok() ? new Reply.Done(warning, Json.Obj.empty()) : Reply.of(verdict);
  }
}
