package io.jdrbd.nbd.protocol;

import io.jdrbd.disk.DiskGeometry;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a client is told about an export.
 *
 * @param sizeBytes its size
 * @param flags what it can do
 * @param minBlockBytes what offset and length of requests must be a multiple of
 * @param preferredBlockBytes what they should be a multiple of
 * @param maxBlockBytes the longest payload of one request
 */
public record ExportInfo(
    long sizeBytes,
    Set<TransmissionFlag> flags,
    int minBlockBytes,
    int preferredBlockBytes,
    int maxBlockBytes) {

  /**
   * The longest payload that is accepted or sent in one request, which is the protocol's default.
   */
  public static final int MAX_PAYLOAD_BYTES = 32 << 20;

  private static final int PREFERRED_BLOCK_BYTES = 4096;

  public ExportInfo {
    flags = Set.copyOf(flags);
  }

  /** What follows from a disk. */
  public static ExportInfo of(DiskGeometry geometry, boolean readOnly, ReplyMode mode) {
    Set<TransmissionFlag> flags =
        EnumSet.of(
            TransmissionFlag.HAS_FLAGS,
            TransmissionFlag.SEND_FLUSH,
            TransmissionFlag.SEND_CACHE,
            TransmissionFlag.CAN_MULTI_CONN);
    if (readOnly) {
      flags.add(TransmissionFlag.READ_ONLY);
    } else {
      flags.add(TransmissionFlag.SEND_FUA);
      flags.add(TransmissionFlag.SEND_WRITE_ZEROES);
      flags.add(TransmissionFlag.SEND_FAST_ZERO);
      if (geometry.canDiscard()) {
        flags.add(TransmissionFlag.SEND_TRIM);
      }
    }
    if (mode.chunked()) {
      flags.add(TransmissionFlag.SEND_DF);
    }
    if (mode.extended()) {
      flags.add(TransmissionFlag.BLOCK_STAT_PAYLOAD);
    }
    int preferred = Math.max(PREFERRED_BLOCK_BYTES, geometry.physicalBlockBytes());
    return new ExportInfo(
        geometry.sizeBytes(), flags, geometry.logicalBlockBytes(), preferred, MAX_PAYLOAD_BYTES);
  }

  /** The flags as the 16-bit field of the protocol. */
  public int flagsField() {
    return TransmissionFlag.encode(flags);
  }
}
