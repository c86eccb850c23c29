package io.jdrbd.cli;

/** Arguments that are wrong or do not fit together. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
