package io.jdrbd.disk.direct;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What sysfs tells about a block device that no ioctl does. What cannot be read is taken for the
 * safe side: a volatile cache, no discard, no fast zeroes.
 *
 * @param discardGranularityBytes 0 where the device cannot discard
 * @param volatileCache whether it has a write-back cache
 * @param zeroesFast whether it has an own command to write zeroes
 */
record BlockQueue(int discardGranularityBytes, boolean volatileCache, boolean zeroesFast) {
  private static final Logger LOG = System.getLogger(BlockQueue.class.getName());

  static BlockQueue of(int major, int minor) {
    Path device = Path.of("/sys/dev/block/" + major + ":" + minor);
    try {
      Path real = device.toRealPath();
      // A partition has no queue of its own.
      Path own = real.resolve("queue");
      return read(Files.isDirectory(own) ? own : real.resolveSibling("queue"));
    } catch (IOException | NumberFormatException e) {
      LOG.log(Level.WARNING, "{0}: no discards, as its queue cannot be read: {1}", device, e);
      return new BlockQueue(0, true, false);
    }
  }

  private static BlockQueue read(Path queue) throws IOException {
    boolean discards = number(queue.resolve("discard_max_bytes")) > 0;
    return new BlockQueue(
        discards ? (int) number(queue.resolve("discard_granularity")) : 0,
        Files.readString(queue.resolve("write_cache")).strip().equals("write back"),
        number(queue.resolve("write_zeroes_max_bytes")) > 0);
  }

  private static long number(Path file) throws IOException {
    return Long.parseLong(Files.readString(file).strip());
  }
}
