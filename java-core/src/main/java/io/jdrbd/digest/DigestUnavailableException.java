package io.jdrbd.digest;

/** A digest or HMAC that this node does not have; the message says which ones there are. */
public final class DigestUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  DigestUnavailableException(String message) {
    super(message);
  }
}
