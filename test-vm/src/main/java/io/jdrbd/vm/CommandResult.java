package io.jdrbd.vm;

/**
 * What a command in a guest left behind.
 *
 * @param exitCode as the shell has it: 128 + signal number where a signal ended the command
 * @param stdout the standard output, decoded as UTF-8
 * @param stderr the standard error, decoded as UTF-8
 */
public record CommandResult(int exitCode, String stdout, String stderr) {

  /** Whether the command ended with exit code 0. */
  public boolean succeeded() {
    return exitCode == 0;
  }
}
