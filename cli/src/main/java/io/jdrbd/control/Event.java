package io.jdrbd.control;

import io.jdrbd.resource.ResourceView;

/** What the daemon tells a client that asked for {@code events}. */
public sealed interface Event {

  /** The resource exists: at first one per resource, then one for each change. */
  record Changed(ResourceView resource) implements Event {}

  /** The resource does not exist any more. */
  record Gone(String name) implements Event {}

  /** All that existed at first has been told. */
  record InitialStateDone() implements Event {}

  /** The client did not read; events were lost and the connection ends here. */
  record Overrun() implements Event {}

  /** As it goes over the socket. */
  default Json.Obj toJson() {
    Json.Obj object = Json.Obj.empty();
    return switch (this) {
      case Changed changed ->
          object.with("event", "changed").with("resource", Views.toJson(changed.resource()));
      case Gone gone -> object.with("event", "gone").with("name", gone.name());
      case InitialStateDone done -> object.with("event", "initial-state-done");
      case Overrun overrun -> object.with("event", "overrun");
    };
  }

  /**
   * Reads an event.
   *
   * @throws JsonException if it is none
   */
  static Event fromJson(Json.Obj object) {
    String kind = object.text("event");
    return switch (kind) {
      case "changed" -> new Changed(Views.resource(object.object("resource")));
      case "gone" -> new Gone(object.text("name"));
      case "initial-state-done" -> new InitialStateDone();
      case "overrun" -> new Overrun();
      default -> throw new JsonException("'" + kind + "' is no kind of event");
    };
  }
}
