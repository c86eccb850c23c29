package io.jdrbd.disk.uring;

import java.io.IOException;

/** There can be no ring here; the message is a sentence, without a full stop, that says why. */
public final class UringUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  UringUnavailableException(String reason) {
    super(reason);
  }

  UringUnavailableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
