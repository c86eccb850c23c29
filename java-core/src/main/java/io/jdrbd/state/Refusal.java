package io.jdrbd.state;

/** Why a command or a state change was refused: a number and a text that tools know. */
public sealed interface Refusal permits ConfigError, StateError {
  /** The number: from 102 to 176 for {@link ConfigError}, negative for {@link StateError}. */
  int code();

  /** The text, literally as DRBD's tools print it. */
  String text();
}
