package io.jdrbd.cluster;

import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.wire.Command;

/**
 * A range of a volume that a peer has named, and that lies within the volume.
 *
 * @param offsetBytes from the volume's start
 * @param lengthBytes at least a sector
 */
record VolumeRange(long offsetBytes, int lengthBytes) {
  private static final int SECTOR_SHIFT = 9;
  private static final int SECTOR_BYTES = 1 << SECTOR_SHIFT;

  /**
   * Checks what has come.
   *
   * @throws ProtocolViolation it is not made of whole sectors, or not within the volume
   */
  static VolumeRange of(PeerVolume volume, Command command, long sector, int bytes)
      throws ProtocolViolation {
    long sectors = volume.volume().exportedSectors();
    boolean whole = bytes > 0 && bytes % SECTOR_BYTES == 0;
    if (!whole || sector < 0 || sector > sectors - (bytes >>> SECTOR_SHIFT)) {
      throw new ProtocolViolation(
          "%s of %d bytes at sector %d: the volume has %d sectors of %d bytes"
              .formatted(command, bytes, sector, sectors, SECTOR_BYTES));
    }
    return new VolumeRange(sector << SECTOR_SHIFT, bytes);
  }

  /**
   * The same of a range whose data is asked for.
   *
   * @throws ProtocolViolation also if one packet cannot carry so much
   */
  static VolumeRange ofRequest(PeerVolume volume, Command command, long sector, int bytes)
      throws ProtocolViolation {
    int most = volume.peer().dialect().bulkBytesMax();
    if (bytes > most) {
      throw new ProtocolViolation(
          "%s of %d bytes at sector %d: protocol version %d has at most %d in one packet"
              .formatted(command, bytes, sector, volume.peer().dialect().protocolVersion(), most));
    }
    return of(volume, command, sector, bytes);
  }
}
