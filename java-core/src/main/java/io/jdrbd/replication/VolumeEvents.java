package io.jdrbd.replication;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;

/** Is told what happens to a volume's local disk. Called on the loop, once for each failure. */
public interface VolumeEvents {
  /** A read or change of data failed; what follows is the policy {@code on-io-error}. */
  void dataFailed(DiskRequest.Op op, DiskException why);

  /** Metadata could not be written: the disk can promise nothing any more (spec 2.16.1). */
  void metadataFailed(DiskException why);
}
