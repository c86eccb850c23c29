package io.jdrbd.resource;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.Errno;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.Refusal;
import io.jdrbd.state.Verdict;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletionException;

/** A step of a command that ends it, with what the command is to answer. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Verdict verdict;

  RefusedException(Refusal refusal, String reason) {
    super(reason);
    this.verdict = Verdict.refused(refusal, reason);
  }

  /** The answer of a command whose last step failed with this. */
  static Verdict verdict(String command, Throwable error) {
    Throwable cause = cause(error);
    if (cause instanceof RefusedException refused) {
      return refused.verdict;
    }
    throw new CompletionException(command, cause);
  }

  /** What reading or writing metadata failed with, as DRBD calls it. */
  static RefusedException ofMetadata(Throwable error) {
    return switch (cause(error)) {
      case MetadataException problem ->
          new RefusedException(numbered(problem.reason().number()), problem.getMessage());
      case IOException failure ->
          new RefusedException(ConfigError.IO_MD_DISK, failure.getMessage());
      case Throwable other -> throw new CompletionException(other);
    };
  }

  /** What opening a disk failed with: one of two refusals. */
  static RefusedException ofOpening(Throwable error, Refusal claimed, Refusal otherwise) {
    if (cause(error) instanceof DiskException failure) {
      boolean busy = failure.errno() == Errno.EBUSY;
      return new RefusedException(busy ? claimed : otherwise, failure.getMessage());
    }
    throw new CompletionException(cause(error));
  }

  private static ConfigError numbered(int code) {
    return Arrays.stream(ConfigError.values())
        .filter(error -> error.code() == code)
        .findFirst()
        .orElseThrow();
  }

  private static Throwable cause(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
