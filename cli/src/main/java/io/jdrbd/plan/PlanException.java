package io.jdrbd.plan;

/** What was asked for does not go with the configuration. The message is for people. */
public final class PlanException extends Exception {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  /**
   * @param exitCode with which drbdadm ends then
   */
  public PlanException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** With which drbdadm ends then. */
  public int exitCode() {
    return exitCode;
  }
}
