package io.jdrbd.resource;

import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What brings connections to life. The commands check and keep what is configured; the driver
 * connects, speaks with the peers, and reports what comes of it by the setters of {@link
 * Connection}, {@link Path} and {@link PeerDevice}, until it has made the connection StandAlone.
 * All methods are called on the node's loop, and none may block.
 */
public interface ConnectionDriver {

  /**
   * Whether there is the transport that the options ask for, and what they want of it.
   *
   * @return refused with {@code CREATE_TRANSPORT} if not
   */
  Verdict checkTransport(NetOptions options);

  /**
   * Whether there are the algorithms that the options name.
   *
   * @return refused with the code of the first that is missing, such as {@code AUTH_ALG}
   */
  Verdict checkAlgorithms(NetOptions options);

  /**
   * Begins to connect. The connection is Unconnected; it has a path.
   *
   * @return refused if it cannot begin; the connection is StandAlone again then
   */
  Verdict start(Connection connection, ConnectOptions options);

  /**
   * Ends the connection, with the peer's consent unless it is forced. Afterwards it goes by itself
   * to StandAlone. Not called when it is StandAlone already.
   *
   * @return completes on the node's loop when it is decided; refused if the connection stays
   */
  CompletionStage<Verdict> stop(Connection connection, boolean force);

  /** The options have changed; those before may be needed to see which. */
  void optionsChanged(Connection connection, NetOptions before);

  /** The options of a resource have changed. */
  default void optionsChanged(Resource resource) {}

  /**
   * All I/O of a resource is to wait, or goes on.
   *
   * @return whether the driver sees to it, and tells the resource; false for one without peers
   */
  default boolean suspend(Resource resource, boolean suspend) {
    return false;
  }

  /** The options of a peer device have changed. */
  void optionsChanged(PeerDevice device, PeerDeviceOptions before);

  /** A path was added, or one that is not established was removed. */
  void pathsChanged(Connection connection);

  /** A volume was created while there is a connection; the peer may have it, too. */
  void added(PeerDevice device);

  /**
   * A role is wished for, of a resource whose connections were once started: the driver decides
   * with the peers, and the caller then makes the role that of the object model.
   *
   * @return empty for a resource that has no peers to ask; else the verdict, on the node's loop
   */
  default Optional<CompletionStage<Verdict>> changeRole(
      Resource resource, Role role, boolean force) {
    return Optional.empty();
  }

  /**
   * A disk is to leave in order, of a volume whose connections were once started: the driver asks
   * the peers, and the disk is Detaching as soon as they agree.
   *
   * @return empty for a volume that has no peers to ask; else the verdict, on the node's loop
   */
  default Optional<CompletionStage<Verdict>> detach(Volume volume) {
    return Optional.empty();
  }

  /**
   * A disk was opened for a volume whose connections were once started: the driver gives it its
   * state, which depends on the peers that are connected.
   *
   * @param byMetadata its state where no peer says otherwise
   * @return empty for a volume that has no peers; else the verdict, on the node's loop: refused if
   *     the disk cannot stay
   */
  default Optional<CompletionStage<Verdict>> attach(Volume volume, DiskState byMetadata) {
    return Optional.empty();
  }

  /**
   * Disks that never held data are to be declared equal, without a first sync.
   *
   * @return empty if no peer is connected; else the verdict, on the node's loop
   */
  default Optional<CompletionStage<Verdict>> skipInitialSync(Volume volume) {
    return Optional.empty();
  }

  /** A person wants resyncs with a peer to wait, or to wait no longer. */
  default void pauseChanged(PeerDevice device) {}

  /**
   * A resync is to begin at once.
   *
   * @param asTarget this node gets the peer's data; else the peer gets this node's
   * @param full everything; else what is marked
   * @return the verdict, on the node's loop, when it has begun
   */
  default CompletionStage<Verdict> resync(PeerDevice device, boolean asTarget, boolean full) {
    return notConnected(device);
  }

  /**
   * The disks of both nodes are to be compared.
   *
   * @param startSector empty: where the last one was interrupted, or the start of the volume
   * @param stopSector empty: the end of the volume
   * @return the verdict, on the node's loop, when it has begun
   */
  default CompletionStage<Verdict> verify(
      PeerDevice device, OptionalLong startSector, OptionalLong stopSector) {
    return notConnected(device);
  }

  private static CompletionStage<Verdict> notConnected(PeerDevice device) {
    return CompletableFuture.completedStage(
        Verdict.refused(
            StateError.NEED_CONNECTION, device.connection().name() + " is not connected"));
  }

  /**
   * A volume is to be larger while a peer is connected: the peers have to have the room, too.
   *
   * @return the verdict, on the node's loop, when the new size is on disk
   */
  default CompletionStage<Verdict> resize(Volume volume, ResizeWish wish) {
    return CompletableFuture.completedStage(
        Verdict.refused(ConfigError.CONNECTED, "a peer is connected; disconnect first"));
  }

  /** The disk of a volume has another size, while no peer was connected. */
  default void resized(Volume volume) {}

  /** A peer was deleted; its connection was StandAlone. */
  default void removed(Connection connection) {}

  /** A resource was deleted; it had neither peers nor volumes. */
  default void removed(Resource resource) {}

  /** A disk has other options. */
  default void optionsChanged(Volume volume) {}

  /** The state of a disk has changed for a reason of its own: it fails, or has left. */
  default void diskChanged(Volume volume) {}

  /**
   * The end of the node: every connection is dropped without asking the peers. Disks are closed
   * afterwards.
   *
   * @return when nothing of what peers have sent is on its way to a disk any more
   */
  default CompletionStage<Void> close() {
    return CompletableFuture.completedStage(null);
  }

  /** A volume, and with it this peer device, was deleted. */
  void removed(PeerDevice device);
}
