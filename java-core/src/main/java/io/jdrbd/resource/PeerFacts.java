package io.jdrbd.resource;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.PeerFlagRules;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.List;

/**
 * What a volume's metadata must know of the peers, as their connections and peer devices have it.
 *
 * @param anyPrimary whether any peer is Primary
 * @param writesInFlight a peer's write may still be on its way to this disk (spec 5.4.5)
 * @param upToDateElsewhere somebody is Primary and UpToDate data is on another node
 * @param membersBesides mask of the nodes in the partition beside this one
 * @param peers the configured peers and what can be reached of them
 * @param states the same peers, as their flags are to say
 */
record PeerFacts(
    boolean anyPrimary,
    boolean writesInFlight,
    boolean upToDateElsewhere,
    long membersBesides,
    List<Generations.Peer> peers,
    List<PeerFlagRules.Peer> states) {

  PeerFacts {
    peers = List.copyOf(peers);
    states = List.copyOf(states);
  }

  static PeerFacts of(Volume volume) {
    Resource resource = volume.resource();
    List<PeerDevice> devices =
        resource.connections().stream()
            .flatMap(connection -> connection.peerDevice(volume.number()).stream())
            .toList();
    boolean peerPrimary =
        resource.connections().stream().anyMatch(peer -> peer.peerRole() == Role.PRIMARY);
    boolean goodElsewhere =
        devices.stream().anyMatch(device -> device.peerDisk() == DiskState.UP_TO_DATE);
    return new PeerFacts(
        peerPrimary,
        volume.peerWritesInFlight()
            || resource.connections().stream().anyMatch(PeerFacts::isEnding),
        goodElsewhere && (peerPrimary || resource.role() == Role.PRIMARY),
        resource.connections().stream()
            .filter(peer -> peer.state() == ConnectionState.CONNECTED)
            .mapToLong(peer -> 1L << peer.peerNodeId())
            .reduce(0, (one, other) -> one | other),
        devices.stream().map(PeerFacts::peer).toList(),
        devices.stream().map(PeerFacts::state).toList());
  }

  /** The connection is lost, but what it has received may not be on disk yet. */
  private static boolean isEnding(Connection connection) {
    return switch (connection.state()) {
      case CONNECTED, STANDALONE, UNCONNECTED, CONNECTING -> false;
      case DISCONNECTING, TIMEOUT, BROKEN_PIPE, NETWORK_FAILURE, PROTOCOL_ERROR, TEAR_DOWN -> true;
    };
  }

  private static PeerFlagRules.Peer state(PeerDevice device) {
    Connection connection = device.connection();
    return new PeerFlagRules.Peer(
        connection.peerNodeId(),
        device.replication().isAbove(ReplicationState.OFF),
        DiskStates.forMetadata(device.peerDisk()),
        connection.options().isFenced(),
        !device.options().bitmap());
  }

  private static Generations.Peer peer(PeerDevice device) {
    boolean connected = device.connection().state() == ConnectionState.CONNECTED;
    DiskState disk = device.peerDisk();
    return new Generations.Peer(
        device.connection().peerNodeId(),
        disk.isAbove(DiskState.D_UNKNOWN) || disk == DiskState.NEGOTIATING,
        connected && disk == DiskState.DISKLESS);
  }
}
