package io.jdrbd.resource;

/**
 * Counters of a volume.
 *
 * @param sizeBytes its size, 0 without a disk
 * @param readBytes read from the disk since it was attached
 * @param writtenBytes written to the disk since it was attached, zeroes and discards not counted
 * @param alWrites transactions written to the activity log since it was attached
 * @param bitmapWrites pages of the bitmap written since it was attached
 * @param upperPending requests of applications in flight
 * @param lowerPending requests to the disk in flight
 */
public record VolumeStatistics(
    long sizeBytes,
    long readBytes,
    long writtenBytes,
    long alWrites,
    long bitmapWrites,
    int upperPending,
    int lowerPending) {

  private static final VolumeStatistics NONE = new VolumeStatistics(0, 0, 0, 0, 0, 0, 0);

  /** All zero. */
  public static VolumeStatistics none() {
    return NONE;
  }

  VolumeStatistics withTransfers(long size, long read, long written, int pending) {
    return new VolumeStatistics(size, read, written, alWrites, bitmapWrites, pending, pending);
  }

  VolumeStatistics withMetadata(long newAlWrites, long newBitmapWrites, int newLowerPending) {
    return new VolumeStatistics(
        sizeBytes,
        readBytes,
        writtenBytes,
        newAlWrites,
        newBitmapWrites,
        upperPending,
        newLowerPending);
  }
}
