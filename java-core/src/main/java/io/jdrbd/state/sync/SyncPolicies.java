package io.jdrbd.state.sync;

import io.jdrbd.state.SplitBrainPolicy;

/**
 * The net options that decide what may be given up without asking (spec 3.7.5).
 *
 * @param noPrimary after-sb-0pri
 * @param onePrimary after-sb-1pri
 * @param twoPrimaries after-sb-2pri
 * @param resyncConflict rr-conflict
 * @param always always-asbp: also where the bitmaps cannot be used
 */
public record SyncPolicies(
    SplitBrainPolicy noPrimary,
    SplitBrainPolicy onePrimary,
    SplitBrainPolicy twoPrimaries,
    SplitBrainPolicy resyncConflict,
    boolean always) {

  /** Nothing is given up without asking. */
  public static final SyncPolicies DISCONNECT =
      new SyncPolicies(
          SplitBrainPolicy.DISCONNECT,
          SplitBrainPolicy.DISCONNECT,
          SplitBrainPolicy.DISCONNECT,
          SplitBrainPolicy.DISCONNECT,
          false);
}
