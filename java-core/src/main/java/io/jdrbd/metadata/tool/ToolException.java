package io.jdrbd.metadata.tool;

/** A command that did not do what was asked, with drbdmeta's exit code. */
public final class ToolException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The activity log is needed but tells nothing; also: the person said no. */
  public static final int CANCELLED = 1;

  /** The activity log contradicts itself. */
  public static final int LOG_INCONSISTENT = 2;

  /** The disk is Inconsistent and so cannot become Outdated. */
  public static final int INCONSISTENT = 5;

  /** Something cannot be read, parsed or written. */
  public static final int BAD_INPUT = 10;

  /** What is on the disk would be destroyed. */
  public static final int REFUSED = 40;

  /** There is no metadata that can be used. */
  public static final int NO_METADATA = 255;

  private final int exitCode;

  ToolException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** What the command ends with. */
  public int exitCode() {
    return exitCode;
  }
}
