package io.jdrbd.state.cluster;

import io.jdrbd.state.StateError;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a peer below protocol version 110 gets for an answer when it asks to change the state (spec
 * 4.9); and, without the packets, how a request of a two-phase commit is tried here.
 */
public final class PeerRequests {
  /** The answer to a volume's removal that changes nothing here: SS_NOTHING_TO_DO. */
  private static final int NOTHING_TO_DO = 2;

  private static final int SUCCESS = 1;

  private PeerRequests() {}

  /** The answer, and what is to be done once it is sent. */
  public sealed interface Answer {

    /**
     * The packet with this code is sent first, so that it still gets out when the connection ends;
     * then the outcome takes effect.
     *
     * @param code 1 or more: yes
     * @param wholeConnection P_CONN_ST_CHG_REPLY, otherwise P_STATE_CHG_REPLY
     */
    record Reply(int code, boolean wholeConnection, Outcome outcome) implements Answer {}

    /** The request breaks the protocol: the connection becomes ProtocolError. */
    record ProtocolError(String reason) implements Answer {}
  }

  /**
   * Answers P_STATE_CHG_REQ or P_CONN_ST_CHG_REQ.
   *
   * @param now the state in force
   * @param peer the node that asks
   * @param volume of the packet; empty for P_CONN_ST_CHG_REQ
   * @param asked mask and value as received
   * @param ownRequestRuns this node waits for the answer to a request of its own
   */
  public static Answer answer(
      ResourceSnapshot now,
      int peer,
      OptionalInt volume,
      StateRequest asked,
      boolean ownRequestRuns) {
    ConnectionSnapshot connection = now.connection(peer);
    if (!connection.facts().isVersion84()) {
      return new Answer.ProtocolError(
          "node %d asks for a state change in the way of DRBD 8.4, at protocol version %d"
              .formatted(peer, connection.facts().protocolVersion()));
    }
    boolean whole = volume.isEmpty();
    if (volume.isPresent() && !connection.devices().containsKey(volume.getAsInt())) {
      return asked.isVolumeRemoval()
          ? new Answer.Reply(NOTHING_TO_DO, true, new Outcome.Unchanged(now))
          : new Answer.ProtocolError(
              "node %d asks to change volume %d, which is not here"
                  .formatted(peer, volume.getAsInt()));
    }
    if (ownRequestRuns) {
      return new Answer.Reply(
          StateError.CONCURRENT_ST_CHG.code(),
          whole,
          new Outcome.Refused(
              StateError.CONCURRENT_ST_CHG, "this node waits for the answer to its own request"));
    }
    Optional<ResourceSnapshot> wanted =
        wanted(now, peer, volume, asked.mirrored(), DiskNumbering.VERSION_84);
    if (wanted.isEmpty()) {
      return new Answer.ProtocolError(
          "node %d asks for states that do not exist: mask %08x, value %08x"
              .formatted(peer, asked.mask(), asked.value()));
    }
    ChangeKind kind = whole ? ChangeKind.REMOTE : ChangeKind.SOFT;
    Outcome outcome = StateChange.apply(now, wanted.get(), kind);
    return new Answer.Reply(code(outcome), whole, outcome);
  }

  private static int code(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Changed changed -> SUCCESS;
      case Outcome.Unchanged unchanged -> SUCCESS;
      case Outcome.Refused refused -> refused.error().code();
    };
  }

  /**
   * The state that a request seen from the own side wants: one of this node, or a mirrored one.
   *
   * @param volume empty: all volumes of the connection
   * @param numbering of the disk states in the request
   * @return empty if it names a state that does not exist
   */
  public static Optional<ResourceSnapshot> wanted(
      ResourceSnapshot now,
      int peer,
      OptionalInt volume,
      StateRequest request,
      DiskNumbering numbering) {
    Optional<ConnectionSnapshot> connection = request.applyTo(now.connection(peer));
    if (connection.isEmpty()) {
      return Optional.empty();
    }
    ResourceSnapshot wanted = now.withConnection(connection.get());
    for (int number : now.connection(peer).devices().keySet()) {
      if (volume.isPresent() && volume.getAsInt() != number) {
        continue;
      }
      Optional<PeerDeviceSnapshot> device = request.applyTo(wanted.device(peer, number), numbering);
      Optional<VolumeSnapshot> own = request.applyTo(wanted.volume(number), numbering);
      if (device.isEmpty() || own.isEmpty()) {
        return Optional.empty();
      }
      wanted = wanted.withVolume(own.get()).changeConnection(peer, c -> c.withDevice(device.get()));
    }
    return Optional.of(wanted);
  }
}
