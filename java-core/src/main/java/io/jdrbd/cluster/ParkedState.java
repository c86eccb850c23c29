package io.jdrbd.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.StateWord;
import io.jdrbd.state.twopc.Handshake;

/**
 * What a peer's first state of a volume leads to, once the connection is agreed by all (spec 4.7,
 * step 8).
 *
 * @param word as received
 * @param peerDisk the real state of its disk
 * @param replication what the volume does from then on
 * @param handshake whether the connection may be
 */
record ParkedState(
    StateWord word, DiskState peerDisk, ReplicationState replication, Handshake handshake) {

  PeerDeviceSnapshot appliedTo(PeerDeviceSnapshot device) {
    return device
        .withReplication(replication)
        .withDisk(peerDisk)
        .withPause(device.pause().withPeer(word.asksForPause()))
        .withFacts(device.facts().withQuorate(word.hasQuorum()));
  }
}
