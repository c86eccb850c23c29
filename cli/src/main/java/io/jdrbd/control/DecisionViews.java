package io.jdrbd.control;

import io.jdrbd.resource.Decision;
import java.time.Instant;
import java.util.List;

/** Decisions as JSON and back. */
public final class DecisionViews {
  private DecisionViews() {}

  /** A list of decisions, below the name {@code decisions}. */
  public static Json.Obj toJson(List<Decision> decisions) {
    return Json.Obj.empty()
        .with(
            "decisions",
            new Json.Array(decisions.stream().<Json>map(DecisionViews::asJson).toList()));
  }

  /** The opposite of {@link #toJson}. */
  public static List<Decision> decisions(Json.Obj data) {
    return data.array("decisions").stream()
        .map(Views::asObject)
        .map(DecisionViews::decision)
        .toList();
  }

  private static Json.Obj asJson(Decision decision) {
    return Json.Obj.empty()
        .with("at-ms", decision.at().toEpochMilli())
        .with("times", decision.times())
        .with("subject", decision.subject())
        .with("question", decision.question())
        .with("answer", decision.answer())
        .with("reason", decision.reason())
        .with(
            "facts", new Json.Array(decision.facts().stream().<Json>map(Json.Text::new).toList()));
  }

  private static Decision decision(Json.Obj object) {
    return new Decision(
        Instant.ofEpochMilli(object.number("at-ms")),
        object.integer("times"),
        object.text("subject"),
        object.text("question"),
        object.text("answer"),
        object.text("reason"),
        object.array("facts").stream().map(Views::text).toList());
  }
}
