package io.jdrbd.control;

/**
 * What a client asks for.
 *
 * @param id chosen by the client; comes back with the reply
 * @param command the name of the command
 * @param arguments by name
 */
public record Request(long id, String command, Json.Obj arguments) {

  /**
   * Reads a request.
   *
   * @throws JsonException if it is none, or of another version
   */
  public static Request parse(byte[] line) {
    Json.Obj object = JsonText.parse(line);
    long version = object.number("version");
    if (version != Limits.VERSION) {
      throw new JsonException(
          "version %d is not spoken here, only %d: command and daemon are of different releases"
              .formatted(version, Limits.VERSION));
    }
    return new Request(
        object.number("id"),
        object.text("command"),
        object.has("arguments") ? object.object("arguments") : Json.Obj.empty());
  }

  /** One line of text, without a line feed. */
  public byte[] toLine() {
    return JsonText.write(
        Json.Obj.empty()
            .with("version", Limits.VERSION)
            .with("id", id)
            .with("command", command)
            .with("arguments", arguments));
  }
}
