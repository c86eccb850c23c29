package io.jdrbd.cluster;

/**
 * How long transactions of the whole cluster may take.
 *
 * @param timeoutMs from the prepare to the end: option {@code twopc-timeout}
 * @param retryMs the first pause before another attempt: option {@code twopc-retry-timeout}
 */
public record TransactionTimes(long timeoutMs, long retryMs) {
  /** Those of DRBD where nothing is configured. */
  public static final TransactionTimes DEFAULTS = new TransactionTimes(30_000, 100);
}
