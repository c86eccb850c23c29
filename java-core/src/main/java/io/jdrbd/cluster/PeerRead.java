package io.jdrbd.cluster;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.cluster.line.OutgoingLine;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.metadata.attached.BackingDisk;
import java.util.Optional;

/** A read that a peer's application has asked for (spec 2.22). */
final class PeerRead extends DiskRequest {
  private final OutgoingLine line;
  private final PeerVolume volume;
  private final long id;
  private final VolumeRange range;
  private PooledBuffer data = PooledBuffer.NONE;

  /**
   * @param line of the connection that it came on
   * @param id the peer's
   */
  PeerRead(OutgoingLine line, PeerVolume volume, long id, VolumeRange range) {
    this.line = line;
    this.volume = volume;
    this.id = id;
    this.range = range;
    volume.openRequests().readBegins();
  }

  /** This node cannot read it. */
  void refuse() {
    volume.openRequests().readEnds();
    line.readFailed(volume.number(), id, range.offsetBytes(), range.lengthBytes());
  }

  /**
   * There is room for the data.
   *
   * @param into the reference is taken over
   */
  void begin(PooledBuffer into) {
    data = into;
    Optional<BackingDisk> disk = volume.volume().backing();
    if (disk.isEmpty()) {
      release();
      refuse();
    } else {
      disk.get().data().submit(read(range.offsetBytes(), range.lengthBytes(), data, 0));
    }
  }

  @Override
  public void complete() {
    volume.openRequests().readEnds();
    line.readReply(volume.number(), id, range.offsetBytes(), range.lengthBytes(), data);
    release();
  }

  @Override
  public void fail(DiskException error) {
    release();
    volume.volume().dataFailed(Op.READ, error);
    refuse();
  }

  private void release() {
    data.release();
    data = PooledBuffer.NONE;
  }
}
