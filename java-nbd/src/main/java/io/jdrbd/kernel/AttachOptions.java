package io.jdrbd.kernel;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a device is to be.
 *
 * @param index X in {@code /dev/nbdX}; empty: the kernel takes one that is free, and makes one if
 *     there is none
 * @param connections sockets between kernel and server, 1 to {@value #CONNECTIONS_MAX}; more than 1
 *     only for a device that is read only: with several, the kernel may send a slow write again by
 *     another socket while the first still runs, and so turn the order of writes around
 * @param readOnly whether the device can only be read
 * @param blockBytes logical block, a power of two from 512 to 4096; empty: the disk's own
 * @param deadConnectionTimeout how long requests wait for the daemon to come back before they fail;
 *     whole seconds, at least 1
 * @param resendInterval how often the kernel looks after a request that is not answered: so long
 *     may it take after a restart of the daemon until requests that were in flight are sent again;
 *     at least 100 ms
 */
public record AttachOptions(
    OptionalInt index,
    int connections,
    boolean readOnly,
    OptionalInt blockBytes,
    Duration deadConnectionTimeout,
    Duration resendInterval) {

  /** The most connections a device can have. */
  public static final int CONNECTIONS_MAX = 16;

  static final int BLOCK_BYTES_MIN = 512;
  static final int BLOCK_BYTES_MAX = 4096;

  private static final Duration RESEND_INTERVAL_MIN = Duration.ofMillis(100);
  private static final Pattern DEVICE = Pattern.compile("(?:/dev/)?nbd([0-9]{1,6})");

  /** A free device, to be written, with one connection, that waits ten minutes for its daemon. */
  public static final AttachOptions DEFAULTS =
      new AttachOptions(
          OptionalInt.empty(),
          1,
          false,
          OptionalInt.empty(),
          Duration.ofMinutes(10),
          Duration.ofSeconds(3));

  public AttachOptions {
    if (connections < 1 || connections > CONNECTIONS_MAX) {
      throw new IllegalArgumentException(
          "%d connections: must be from 1 to %d".formatted(connections, CONNECTIONS_MAX));
    }
    if (connections > 1 && !readOnly) {
      throw new IllegalArgumentException(
          "%d connections: a device that can be written must have 1".formatted(connections));
    }
    if (blockBytes.isPresent()) {
      int block = blockBytes.getAsInt();
      if (block < BLOCK_BYTES_MIN || block > BLOCK_BYTES_MAX || Integer.bitCount(block) != 1) {
        throw new IllegalArgumentException(
            "block of %d bytes: must be a power of two from %d to %d"
                .formatted(block, BLOCK_BYTES_MIN, BLOCK_BYTES_MAX));
      }
    }
    if (deadConnectionTimeout.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "dead connection timeout %s: must be at least 1 s".formatted(deadConnectionTimeout));
    }
    if (resendInterval.compareTo(RESEND_INTERVAL_MIN) < 0) {
      throw new IllegalArgumentException(
          "resend interval %s: must be at least %s".formatted(resendInterval, RESEND_INTERVAL_MIN));
    }
  }

  /**
   * The same with a device by name.
   *
   * @param device {@code /dev/nbd3} or {@code nbd3}
   * @throws IllegalArgumentException if it is not of this form
   */
  public AttachOptions withDevice(String device) {
    Matcher matcher = DEVICE.matcher(device);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "device %s: must be of the form /dev/nbd0".formatted(device));
    }
    OptionalInt named = OptionalInt.of(Integer.parseInt(matcher.group(1)));
    return new AttachOptions(
        named, connections, readOnly, blockBytes, deadConnectionTimeout, resendInterval);
  }

  /** The same, read only, with a number of connections. */
  public AttachOptions withReadOnly(int connections) {
    return new AttachOptions(
        index, connections, true, blockBytes, deadConnectionTimeout, resendInterval);
  }

  /** The same with other times. */
  public AttachOptions withTimes(Duration deadConnectionTimeout, Duration resendInterval) {
    return new AttachOptions(
        index, connections, readOnly, blockBytes, deadConnectionTimeout, resendInterval);
  }

  /** The block for a disk whose own logical block is given. */
  int blockBytesFor(int logicalBlockBytes) {
    int own = Math.clamp(logicalBlockBytes, BLOCK_BYTES_MIN, BLOCK_BYTES_MAX);
    return blockBytes.orElse(own);
  }
}
