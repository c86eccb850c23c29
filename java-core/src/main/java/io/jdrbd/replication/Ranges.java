package io.jdrbd.replication;

/**
 * The ranges of one volume that are in use or waited for. Does not block: whoever waits is called.
 * What waits for what stands in {@link RangeKind}. The cost of a look-up grows with the number of
 * ranges in use, which the depth of the application's queue bounds.
 */
public final class Ranges {
  /** The peer of ranges that belong to no peer. */
  public static final int NO_PEER = -1;

  /** The head of a ring. */
  private static final class Ring extends RangeUser {
    @Override
    public void rangeGranted() {
      throw new IllegalStateException("the head of a list uses no range");
    }
  }

  private final RangeUser active = new Ring();
  private final RangeUser waiting = new Ring();

  /** Those that nobody waits for, and who wait for nobody. */
  private final RangeUser verified = new Ring();

  /**
   * Asks for a range.
   *
   * @return true where it may be used at once; else the user is called later
   */
  public boolean acquire(
      RangeUser user, RangeKind kind, int peer, long offsetBytes, long lengthBytes) {
    user.set(kind, peer, offsetBytes, lengthBytes);
    if (kind == RangeKind.VERIFY) {
      watch(user);
      return true;
    }
    user.insertBefore(waiting);
    return grantIfFree(user);
  }

  private void watch(RangeUser verify) {
    for (RangeUser user = active.next(); !isHead(user); user = user.next()) {
      user.disturbs(verify);
    }
    verify.insertBefore(verified);
  }

  /**
   * Makes a range that is in use one of another kind.
   *
   * @return true where it may be used as such at once; else the user is called later
   */
  public boolean change(RangeUser user, RangeKind kind) {
    user.unlink();
    user.become(kind);
    user.insertBefore(waiting);
    boolean granted = grantIfFree(user);
    grantOthers();
    return granted;
  }

  /** Gives up a range that is in use or waited for. */
  public void release(RangeUser user) {
    user.unlink();
    grantOthers();
  }

  public boolean isIdle() {
    return isHead(active.next()) && isHead(waiting.next()) && isHead(verified.next());
  }

  private boolean grantIfFree(RangeUser user) {
    if (!isFree(user)) {
      return false;
    }
    user.unlink();
    user.insertBefore(active);
    for (RangeUser verify = verified.next(); !isHead(verify); verify = verify.next()) {
      user.disturbs(verify);
    }
    return true;
  }

  /** A granted one may change both lists, so that the search begins anew after each. */
  private void grantOthers() {
    RangeUser candidate = waiting.next();
    while (!isHead(candidate)) {
      if (grantIfFree(candidate)) {
        candidate.rangeGranted();
        candidate = waiting.next();
      } else {
        candidate = candidate.next();
      }
    }
  }

  private boolean isFree(RangeUser candidate) {
    for (RangeUser user = active.next(); !isHead(user); user = user.next()) {
      if (candidate.waitsForActive(user)) {
        return false;
      }
    }
    for (RangeUser earlier = waiting.next(); !earlier.equals(candidate); earlier = earlier.next()) {
      if (candidate.waitsForWaiting(earlier)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHead(RangeUser user) {
    return user instanceof Ring;
  }
}
