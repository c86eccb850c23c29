package io.jdrbd.driver.sim;

/** One write, discard or write of zeroes of the application, from its submission to its end. */
final class Change {
  static final long NOT_ENDED = Long.MAX_VALUE;

  private final int stamp;
  private final long firstSector;
  private final int sectors;
  private final long submitted;
  private long ended = NOT_ENDED;

  /**
   * @param stamp what its sectors begin with; 0 for zeroes
   * @param submitted when, on the history's own clock
   */
  Change(int stamp, long firstSector, int sectors, long submitted) {
    this.stamp = stamp;
    this.firstSector = firstSector;
    this.sectors = sectors;
    this.submitted = submitted;
  }

  int stamp() {
    return stamp;
  }

  long firstSector() {
    return firstSector;
  }

  int sectors() {
    return sectors;
  }

  long endSector() {
    return firstSector + sectors;
  }

  boolean covers(long sector) {
    return sector >= firstSector && sector < endSector();
  }

  /** It was acknowledged, it failed, or its node died: nothing of it happens later. */
  void end(long when) {
    ended = when;
  }

  /** Whether it was over before the other began, so that the other's data replaced its own. */
  boolean isBefore(Change other) {
    return ended < other.submitted;
  }

  @Override
  public String toString() {
    return "write %d of sectors %d to %d".formatted(stamp, firstSector, endSector() - 1);
  }
}
