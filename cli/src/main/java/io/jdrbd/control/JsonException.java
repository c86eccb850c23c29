package io.jdrbd.control;

/** A message that is not what the control protocol asks for. */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong with it
   */
  public JsonException(String message) {
    super(message);
  }
}
