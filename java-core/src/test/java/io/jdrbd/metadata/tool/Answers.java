package io.jdrbd.metadata.tool;

/** Somebody who always answers the same, and whose screen can be read afterwards. */
public final class Answers implements Console {
  private final boolean yes;
  private final StringBuilder screen = new StringBuilder();

  /** Always yes, or always no. */
  public Answers(boolean yes) {
    this.yes = yes;
  }

  String screen() {
    return screen.toString();
  }

  @Override
  public void print(String text) {
    screen.append(text);
  }

  @Override
  public boolean confirm(String question) {
    screen.append(question).append('\n');
    return yes;
  }
}
