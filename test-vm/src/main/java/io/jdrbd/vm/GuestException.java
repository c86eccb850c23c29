package io.jdrbd.vm;

import java.io.Serial;

/**
 * A guest did not do what the test asked for. The message ends with what the guest's console shows.
 */
public final class GuestException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  GuestException(String message) {
    super(message);
  }

  GuestException(String message, Throwable cause) {
    super(message, cause);
  }
}
