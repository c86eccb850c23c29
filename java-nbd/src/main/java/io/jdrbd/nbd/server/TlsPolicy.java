package io.jdrbd.nbd.server;

/** Whether clients of a listener speak TLS. */
public sealed interface TlsPolicy {

  /** Never: STARTTLS is refused. */
  TlsPolicy OFF = new Off();

  /** See {@link #OFF}. */
  record Off() implements TlsPolicy {}

  /** If they like. */
  record Allow(TlsSettings settings) implements TlsPolicy {}

  /** Always: everything but STARTTLS is refused before it. */
  record Require(TlsSettings settings) implements TlsPolicy {}
}
