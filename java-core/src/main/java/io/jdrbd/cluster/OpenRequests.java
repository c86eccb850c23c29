package io.jdrbd.cluster;

import io.jdrbd.replication.IncomingVolume;
import io.jdrbd.resync.ResyncSource;
import io.jdrbd.resync.ResyncTarget;

/** What one volume and its peer owe each other at this moment, for statistics. */
public final class OpenRequests {
  private final PeerVolume device;

  /** Of the peer's applications, that are not answered. */
  private int reads;

  OpenRequests(PeerVolume device) {
    this.device = device;
  }

  /** Requests sent to the peer that it has not answered. */
  public int pending() {
    return device.peer().writes().awaited(device.volume().disk())
        + device.volume().disk().reads().awaited(device.peer().writes())
        + device.resync().target().map(ResyncTarget::outstanding).orElse(0);
  }

  /** Requests of the peer that were not answered. */
  public int unacked() {
    return device.knownIncoming().map(IncomingVolume::active).orElse(0)
        + reads
        + device.resync().source().map(ResyncSource::unacknowledged).orElse(0);
  }

  /** Sectors that a resync has asked for and not written. */
  public long resyncSectors() {
    return device.resync().target().map(ResyncTarget::outstandingSectors).orElse(0L);
  }

  /** A read of the peer's applications begins. */
  void readBegins() {
    reads++;
  }

  /** It is answered. */
  void readEnds() {
    reads--;
  }
}
