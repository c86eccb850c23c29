package io.jdrbd.nbd.server;

/**
 * What was done for the clients of one export since it was added. Written and read on the server's
 * loop.
 */
public final class ExportCounters {
  private int connections;
  private long reads;
  private long readBytes;
  private long writes;
  private long writtenBytes;
  private long flushes;
  private long discards;
  private long zeroes;
  private long errors;

  ExportCounters() {}

  void connected() {
    connections++;
  }

  void disconnected() {
    connections--;
  }

  void read(long bytes) {
    reads++;
    readBytes += bytes;
  }

  void written(long bytes) {
    writes++;
    writtenBytes += bytes;
  }

  void flushed() {
    flushes++;
  }

  void discarded() {
    discards++;
  }

  void zeroed() {
    zeroes++;
  }

  void failed() {
    errors++;
  }

  /** The numbers as they are now. */
  public Snapshot snapshot() {
    return new Snapshot(
        connections, reads, readBytes, writes, writtenBytes, flushes, discards, zeroes, errors);
  }

  /**
   * The numbers at one moment.
   *
   * @param connections clients that use the export now
   * @param reads read requests answered with data
   * @param readBytes the data of these
   * @param writes write requests that succeeded
   * @param writtenBytes the data of these
   * @param flushes flush requests that succeeded
   * @param discards trim requests that succeeded
   * @param zeroes write-zeroes requests that succeeded
   * @param errors requests of any kind answered with an error
   */
  public record Snapshot(
      int connections,
      long reads,
      long readBytes,
      long writes,
      long writtenBytes,
      long flushes,
      long discards,
      long zeroes,
      long errors) {}
}
