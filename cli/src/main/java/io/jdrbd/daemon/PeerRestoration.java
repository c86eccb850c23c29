package io.jdrbd.daemon;

import io.jdrbd.daemon.SavedPeer.SavedDevice;
import io.jdrbd.daemon.SavedPeer.SavedPath;
import io.jdrbd.resource.ConnectOptions;
import io.jdrbd.resource.NetOptions;
import io.jdrbd.resource.PeerCommands;
import io.jdrbd.state.Verdict;
import java.util.List;
import java.util.function.Consumer;

/** Configures the saved peers of a resource again. Used on the node's loop. */
final class PeerRestoration {
  private final PeerCommands commands;
  private final String resource;
  private final List<SavedPeer> peers;
  private final Consumer<Verdict> told;

  /**
   * @param told is told what came of each step
   */
  PeerRestoration(
      PeerCommands commands, String resource, List<SavedPeer> peers, Consumer<Verdict> told) {
    this.commands = commands;
    this.resource = resource;
    this.peers = peers;
    this.told = told;
  }

  /** Makes the peers and paths. The volumes are there already, their disks are not. */
  void configure() {
    for (SavedPeer peer : peers) {
      told.accept(
          commands.newPeer(resource, peer.nodeId(), NetOptions.defaults().with(peer.options())));
      for (SavedPath path : peer.paths()) {
        told.accept(commands.newPath(resource, peer.nodeId(), path.local(), path.peer()));
      }
      for (SavedDevice device : peer.devices()) {
        told.accept(
            commands.peerDeviceOptions(
                resource,
                peer.nodeId(),
                device.volume(),
                options -> options.with(device.options())));
      }
    }
  }

  /** Connects those that were meant to be connected. */
  void connect() {
    peers.stream()
        .filter(SavedPeer::connected)
        .forEach(
            peer -> told.accept(commands.connect(resource, peer.nodeId(), ConnectOptions.PLAIN)));
  }
}
