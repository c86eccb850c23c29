package io.jdrbd.metadata.attached;

import io.jdrbd.disk.DiskException;

/**
 * Something that is about to write to a run of extents: they must be active before the write is
 * submitted anywhere, and stay so until it is known which blocks differ. Can be used again after
 * its release.
 */
public abstract class ExtentUser {
  private int first;
  private int last;

  /**
   * Says which extents.
   *
   * @param firstExtent the first
   * @param lastExtent the last, at most 63 behind it
   */
  public final void wants(int firstExtent, int lastExtent) {
    first = firstExtent;
    last = lastExtent;
  }

  final int first() {
    return first;
  }

  final int last() {
    return last;
  }

  /** Called on the loop when the extents are active. */
  public abstract void granted();

  /** Called on the loop when the activity log could not be written; nothing has to be released. */
  public abstract void refused(DiskException error);
}
