package io.jdrbd.resource;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;

/** An application's request on its way through a volume. Used again after its end. */
final class VolumeRequest extends DiskRequest {
  private final VolumeDisk volume;
  private DiskRequest application;

  VolumeRequest(VolumeDisk volume, DiskRequest application) {
    this.volume = volume;
    this.application = application;
  }

  /** Makes this the same request to the backing disk as the application's to the volume. */
  VolumeRequest carry(DiskRequest application) {
    this.application = application;
    switch (application.op()) {
      case READ ->
          read(
              application.offsetBytes(),
              (int) application.lengthBytes(),
              application.buffer(),
              application.bufferOffsetBytes());
      case WRITE ->
          write(
              application.offsetBytes(),
              (int) application.lengthBytes(),
              application.buffer(),
              application.bufferOffsetBytes(),
              application.fua());
      case FLUSH -> flush();
      case DISCARD -> discard(application.offsetBytes(), application.lengthBytes());
      case WRITE_ZEROES ->
          writeZeroes(
              application.offsetBytes(),
              application.lengthBytes(),
              application.mayDiscard(),
              application.fua(),
              application.fastOnly());
    }
    return this;
  }

  DiskRequest application() {
    return application;
  }

  @Override
  public void complete() {
    volume.ended(this).complete();
  }

  @Override
  public void fail(DiskException error) {
    volume.failed(this, error).fail(error);
  }
}
