package io.jdrbd.cluster;

import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.Commit;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.cluster.DiskNumbering;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.PeerRequests;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateChange;
import io.jdrbd.state.twopc.Masks;
import io.jdrbd.state.twopc.Nodes;
import io.jdrbd.state.twopc.Proposal;
import io.jdrbd.state.twopc.View;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** What a transaction finds at this node, and what it would do here (spec 4.11, 4.12). */
final class TwopcFacts {
  private final ClusterResource resource;

  TwopcFacts(ClusterResource resource) {
    this.resource = resource;
  }

  private int self() {
    return resource.now().settings().nodeId();
  }

  /** What this node knows of itself and its neighbours at this moment. */
  View view(Proposal proposal) {
    ResourceSnapshot now = resource.known();
    boolean initiator = proposal.id().initiator() == self();
    boolean changesRole = initiator && !proposal.isConnect() && proposal.change().changesRole();
    boolean primary = changesRole ? proposal.change().isPromotion() : now.role() == Role.PRIMARY;
    return new View(
        self(),
        connected(now),
        nodes(connection -> isConnecting(connection.peer())),
        primary,
        now.volumes().keySet().stream().allMatch(now::hasAccessToData),
        resource.volumes().stream()
            .filter(volume -> proposal.volume() == Nodes.NONE || isAbout(proposal, volume))
            .anyMatch(volume -> volume.backing().isPresent()),
        nodes(connection -> connection.facts().twoPrimaries()),
        now.volumes().values().stream().anyMatch(volume -> volume.readers() > 0),
        room(proposal));
  }

  private static boolean isAbout(Proposal proposal, ClusterVolume volume) {
    return proposal.volume() == volume.number();
  }

  private long room(Proposal proposal) {
    return resource
        .volume(proposal.volume())
        .filter(volume -> volume.backing().isPresent())
        .map(volume -> volume.local().roomSectors())
        .orElse(Masks.ANY_SIZE);
  }

  private boolean isConnecting(int node) {
    return resource.peer(node).map(peer -> peer.connecting().isUnderWay()).orElse(false);
  }

  private long connected(ResourceSnapshot now) {
    return now.connections().values().stream()
        .filter(connection -> connection.isConnected() && !connection.facts().isVersion84())
        .mapToLong(connection -> Nodes.of(connection.peer()))
        .reduce(0, (one, other) -> one | other);
  }

  private long nodes(Predicate<ConnectionSnapshot> which) {
    return resource.now().connections().values().stream()
        .filter(which)
        .mapToLong(connection -> Nodes.of(connection.peer()))
        .reduce(0, (one, other) -> one | other);
  }

  /** What the own rules say of a change that another node asks for. */
  Verdict verdict(Proposal proposal) {
    if (proposal.kind() == Proposal.Kind.SIZE) {
      return resource.sizes().mayResize(proposal.volume());
    }
    ResourceSnapshot now = resource.known();
    Optional<ResourceSnapshot> wanted = wanted(now, proposal);
    if (wanted.isEmpty()) {
      return Verdict.refused(StateError.NOT_SUPPORTED, "it names states that do not exist");
    }
    return switch (StateChange.apply(now, wanted.get(), kind(proposal))) {
      case Outcome.Refused refused -> Verdict.refused(refused.error(), refused.reason());
      case Outcome.Changed ignored -> Verdict.passed("nothing stands against it here");
      case Outcome.Unchanged ignored -> Verdict.passed("it changes nothing here");
    };
  }

  /** A wish for a whole connection passes over volumes that cannot be outdated. */
  static ChangeKind kind(Proposal proposal) {
    return proposal.volume() == Nodes.NONE ? ChangeKind.REMOTE : ChangeKind.SOFT;
  }

  /**
   * The state in force with a change of another node, as it is seen from here.
   *
   * @return empty if it names a state that does not exist
   */
  Optional<ResourceSnapshot> wanted(ResourceSnapshot now, Proposal proposal) {
    int initiator = proposal.id().initiator();
    if (!isAffected(now, proposal)) {
      return Optional.of(now);
    }
    OptionalInt volume =
        proposal.volume() == Nodes.NONE ? OptionalInt.empty() : OptionalInt.of(proposal.volume());
    return PeerRequests.wanted(
        now, initiator, volume, proposal.change().mirrored(), DiskNumbering.VERSION_9);
  }

  private boolean isAffected(ResourceSnapshot now, Proposal proposal) {
    ConnectionSnapshot connection = now.connections().get(proposal.id().initiator());
    boolean elsewhere = proposal.target() != Nodes.NONE && proposal.target() != self();
    return connection != null
        && !elsewhere
        && (connection.isConnected() || proposal.isConnect())
        && (proposal.volume() == Nodes.NONE || connection.devices().containsKey(proposal.volume()));
  }

  /** What a transaction is about for this node. */
  Commit.Kind kindOfCommit(Proposal proposal) {
    int initiator = proposal.id().initiator();
    boolean own = initiator == self();
    if (proposal.isConnect() || proposal.isDisconnect()) {
      return own || proposal.target() == self() ? Commit.Kind.OWN_CONNECTION : Commit.Kind.FAR_AWAY;
    }
    if (proposal.change().isEmpty()) {
      return Commit.Kind.EMPTY;
    }
    return own || isAffected(resource.now(), proposal)
        ? Commit.Kind.NEIGHBOUR
        : Commit.Kind.FAR_AWAY;
  }
}
