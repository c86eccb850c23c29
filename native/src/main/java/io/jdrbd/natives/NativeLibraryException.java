package io.jdrbd.natives;

import java.io.IOException;

/** The JNI library cannot be used here; the message says which file, which platform and why. */
public final class NativeLibraryException extends IOException {
  private static final long serialVersionUID = 1L;

  NativeLibraryException(String message) {
    super(message);
  }

  NativeLibraryException(String message, Throwable cause) {
    super(message, cause);
  }
}
