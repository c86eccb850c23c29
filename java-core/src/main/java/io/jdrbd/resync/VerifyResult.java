package io.jdrbd.resync;

/** What comparing a block came to (spec 6.18.2). */
public enum VerifyResult {
  /** It was written meanwhile, or could not be read: nothing is known. */
  SKIPPED,
  /** Both nodes have the same. */
  IN_SYNC,
  /** They differ; both mark it. */
  OUT_OF_SYNC
}
