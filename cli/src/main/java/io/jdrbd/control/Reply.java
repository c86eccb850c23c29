package io.jdrbd.control;

import io.jdrbd.state.Verdict;

/** What the daemon answers to a request. */
public sealed interface Reply {

  /**
   * It was done.
   *
   * @param info remarks for the person, one per line; often empty
   * @param data what was asked for
   */
  record Done(String info, Json.Obj data) implements Reply {}

  /**
   * It was refused.
   *
   * @param code from 102 to 176 or negative, as DRBD numbers them (spec 7, section 9)
   * @param text DRBD's text of the code
   * @param info the reason
   */
  record Refused(int code, String text, String info) implements Reply {}

  /**
   * It could not be understood, or the daemon failed.
   *
   * @param message what is wrong
   */
  record Failed(String message) implements Reply {}

  /** A reply without data. */
  static Reply of(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passed passed -> new Done("", Json.Obj.empty());
      case Verdict.Refused refused ->
          new Refused(refused.refusal().code(), refused.refusal().text(), refused.reason());
    };
  }

  /** A reply that carries data. */
  static Reply data(Json.Obj data) {
    return new Done("", data);
  }

  /**
   * As it goes over the socket.
   *
   * @param id of the request
   */
  default Json.Obj toJson(long id) {
    Json.Obj object = Json.Obj.empty().with("id", id);
    return switch (this) {
      case Done done ->
          object.with("reply", "done").with("info", done.info()).with("data", done.data());
      case Refused refused ->
          object
              .with("reply", "refused")
              .with("code", refused.code())
              .with("text", refused.text())
              .with("info", refused.info());
      case Failed failed -> object.with("reply", "failed").with("message", failed.message());
    };
  }

  /**
   * Reads a reply.
   *
   * @throws JsonException if it is none
   */
  static Reply fromJson(Json.Obj object) {
    String kind = object.text("reply");
    return switch (kind) {
      case "done" -> new Done(object.text("info"), object.object("data"));
      case "refused" ->
          new Refused(object.integer("code"), object.text("text"), object.text("info"));
      case "failed" -> new Failed(object.text("message"));
      default -> throw new JsonException("'" + kind + "' is no kind of reply");
    };
  }
}
