package io.jdrbd.resource;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;

/** An application's request on its way through a volume. Used again after its end. */
final class VolumeRequest extends DiskRequest {
  private final VolumeDisk volume;
  private DiskRequest application = this;

  VolumeRequest(VolumeDisk volume) {
    this.volume = volume;
  }

  /** Makes this the same request to the backing disk as the application's to the volume. */
  VolumeRequest carry(DiskRequest request) {
    application = request;
    like(request);
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
