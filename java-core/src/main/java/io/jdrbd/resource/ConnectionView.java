package io.jdrbd.resource;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Role;
import java.util.List;
import java.util.Optional;

/**
 * What can be seen of a connection at one moment.
 *
 * @param peerNodeId the peer's id in the resource, 0 to 31
 * @param encrypted whether its streams are
 * @param paths in the order in which they were made
 * @param peerDevices by volume number
 * @param statistics what changes all the time
 */
public record ConnectionView(
    int peerNodeId,
    NetOptions options,
    ConnectionState state,
    Role peerRole,
    boolean encrypted,
    List<PathView> paths,
    List<PeerDeviceView> peerDevices,
    ConnectionStatistics statistics) {
  public ConnectionView {
    paths = List.copyOf(paths);
    peerDevices = List.copyOf(peerDevices);
  }

  /** What the peer is called; empty if it has no name. */
  public String name() {
    return options.name();
  }

  /** What goes on with one volume. */
  public Optional<PeerDeviceView> peerDevice(int volume) {
    return peerDevices.stream().filter(device -> device.volume() == volume).findFirst();
  }

  ConnectionView withoutStatistics() {
    return new ConnectionView(
        peerNodeId,
        options,
        state,
        peerRole,
        encrypted,
        paths,
        peerDevices.stream().map(PeerDeviceView::withoutStatistics).toList(),
        ConnectionStatistics.none());
  }
}
