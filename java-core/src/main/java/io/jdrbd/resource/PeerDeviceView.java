package io.jdrbd.resource;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.ResyncSuspension;
import java.util.Set;

/**
 * What can be seen of a peer device at one moment.
 *
 * @param volume the number of the volume in the resource
 * @param peerClient whether the peer is diskless by intention
 * @param peerStable whether nothing can change the data of the peer's disk
 * @param suspensions why a resync waits or would wait
 * @param statistics what changes all the time
 */
public record PeerDeviceView(
    int volume,
    PeerDeviceOptions options,
    ReplicationState replication,
    DiskState peerDisk,
    boolean peerClient,
    boolean peerStable,
    Set<ResyncSuspension> suspensions,
    PeerDeviceStatistics statistics) {
  public PeerDeviceView {
    suspensions = Set.copyOf(suspensions);
  }

  PeerDeviceView withoutStatistics() {
    return new PeerDeviceView(
        volume,
        options,
        replication,
        peerDisk,
        peerClient,
        peerStable,
        suspensions,
        PeerDeviceStatistics.none());
  }
}
