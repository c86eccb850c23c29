package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a change that may be refused must not do (spec 4.4.2): the first rule that is hit counts.
 */
final class SoftRules {
  private final Draft draft;
  private final ResourceSnapshot old;
  private final ResourceSnapshot next;

  private SoftRules(Draft draft) {
    this.draft = draft;
    this.old = draft.old();
    this.next = draft.next();
  }

  static Optional<Outcome.Refused> check(Draft draft) {
    SoftRules rules = new SoftRules(draft);
    return rules.role().or(() -> rules.connections()).or(() -> new SoftDiskRules(draft).check());
  }

  /** A refusal, if the condition holds. */
  static Optional<Outcome.Refused> refuseIf(
      boolean condition, StateError error, Supplier<String> reason) {
    return condition ? Optional.of(new Outcome.Refused(error, reason.get())) : Optional.empty();
  }

  /** Rules 1 to 3. */
  private Optional<Outcome.Refused> role() {
    if (old.role() == next.role()) {
      return Optional.empty();
    }
    Optional<ConnectionSnapshot> otherPrimary =
        next.connections().values().stream()
            .filter(connection -> connection.peerRole() == Role.PRIMARY)
            .filter(connection -> !connection.facts().twoPrimaries())
            .findFirst();
    Optional<ConnectionSnapshot> inHandshake =
        next.connections().values().stream().filter(ConnectionSnapshot::isInHandshake).findFirst();
    return refuseIf(
            next.isPrimary() && otherPrimary.isPresent(),
            StateError.TWO_PRIMARIES,
            () ->
                "node %d is Primary, and its option allow-two-primaries is no"
                    .formatted(otherPrimary.orElseThrow().peer()))
        .or(
            () ->
                refuseIf(
                    inHandshake.isPresent(),
                    StateError.IN_TRANSIENT_STATE,
                    () ->
                        "the connection to node %d is just being established"
                            .formatted(inHandshake.orElseThrow().peer())))
        .or(
            () ->
                refuseIf(
                    next.isPrimary() && next.failsIo(),
                    StateError.DEVICE_IN_USE,
                    () -> "it was demoted by force and is still open; close it everywhere first"));
  }

  private Optional<Outcome.Refused> connections() {
    return next.connections().values().stream()
        .map(connection -> connection(draft.oldConnection(connection.peer()), connection))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Rules 4 to 6. */
  private Optional<Outcome.Refused> connection(
      ConnectionSnapshot before, ConnectionSnapshot after) {
    boolean peerBecomesPrimary =
        after.peerRole() == Role.PRIMARY
            && before.peerRole() != Role.PRIMARY
            && !after.facts().twoPrimaries();
    List<Integer> openForReading =
        next.volumes().values().stream()
            .filter(volume -> volume.readers() > 0)
            .map(VolumeSnapshot::number)
            .toList();
    return connectionState(before.state(), after.state(), after.peer())
        .or(
            () ->
                refuseIf(
                    peerBecomesPrimary && next.isPrimary(),
                    StateError.TWO_PRIMARIES,
                    () ->
                        "this node is Primary, node %d would be, too, and allow-two-primaries is no"
                            .formatted(after.peer())))
        .or(
            () ->
                refuseIf(
                    peerBecomesPrimary && !openForReading.isEmpty(),
                    StateError.PRIMARY_READER,
                    () ->
                        "volume %d is open here for reading while node %d would become Primary"
                            .formatted(openForReading.getFirst(), after.peer())));
  }

  private static Optional<Outcome.Refused> connectionState(
      ConnectionState before, ConnectionState after, int peer) {
    if (before == after) {
      return Optional.empty();
    }
    return refuseIf(
            after == ConnectionState.DISCONNECTING && before == ConnectionState.STANDALONE,
            StateError.ALREADY_STANDALONE,
            () -> "there is no connection to node %d to end".formatted(peer))
        .or(
            () ->
                refuseIf(
                    after == ConnectionState.CONNECTING
                        && before.isBelow(ConnectionState.UNCONNECTED),
                    StateError.NO_NET_CONFIG,
                    () -> "no connection to node %d was asked for".formatted(peer)))
        .or(
            () ->
                refuseIf(
                    after == ConnectionState.DISCONNECTING && before == ConnectionState.UNCONNECTED,
                    StateError.IN_TRANSIENT_STATE,
                    () -> "the connection to node %d is just being opened".formatted(peer)));
  }
}
