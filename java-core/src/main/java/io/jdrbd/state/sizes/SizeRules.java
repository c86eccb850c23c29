package io.jdrbd.state.sizes;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.List;
import java.util.Optional;

/** What follows from a peer's P_SIZES (spec 3.2.4). */
public final class SizeRules {
  private static final int MAX_BIO_BYTES = 1 << 20;

  private final OwnSize own;
  private final ToldSizes told;
  private final Link link;

  /**
   * What connects the two.
   *
   * @param protocolVersion agreed on
   * @param replication with this peer; Off in the handshake
   * @param peerDisk state of the peer's disk
   * @param peers all peers, this one with what it told just now
   */
  public record Link(
      int protocolVersion, ReplicationState replication, DiskState peerDisk, List<PeerSize> peers) {
    public Link {
      peers = List.copyOf(peers);
    }

    boolean isHandshake() {
      return replication == ReplicationState.OFF;
    }

    boolean isEstablished() {
      return replication.compareTo(ReplicationState.ESTABLISHED) >= 0;
    }
  }

  private SizeRules(OwnSize own, ToldSizes told, Link link) {
    this.own = own;
    this.told = told;
    this.link = link;
  }

  /** The largest request that a peer of a version takes, in bytes. */
  public static int maxBioBytes(int protocolVersion) {
    if (protocolVersion <= 94) {
      return 32 << 10;
    }
    return protocolVersion <= 99 ? 128 << 10 : MAX_BIO_BYTES;
  }

  /** What follows for a node of DRBD 9. */
  public static SizeVerdict received(OwnSize own, ToldSizes told, Link link) {
    SizeRules rules = new SizeRules(own, told, link);
    return own.hasDisk() ? rules.withDisk() : rules.diskless(true);
  }

  /** What follows for a node of DRBD 8.4. */
  public static SizeVerdict receivedAsOldNode(OwnSize own, ToldSizes told, Link link) {
    SizeRules rules = new SizeRules(own, told, link);
    return own.hasDisk() ? rules.oldWithDisk() : rules.diskless(false);
  }

  private SizeVerdict withDisk() {
    if (told.diskSectors() != 0 && told.currentSectors() > told.diskSectors()) {
      return refuse(
          "the peer exports %d sectors but its disk has %d"
              .formatted(told.currentSectors(), told.diskSectors()));
    }
    if (told.wishSectors() != 0 && told.currentSectors() > told.wishSectors()) {
      return refuse(
          "the peer exports %d sectors but wants %d"
              .formatted(told.currentSectors(), told.wishSectors()));
    }
    long wish = wish();
    if (wish == 0 && told.diskSectors() == 0) {
      wish = own.wishSectors();
    }
    SizeAgreement agreed =
        SizeAgreement.among(
            own.diskSectors(),
            own.agreedSectors(),
            link.peers(),
            wish,
            told.has(ToldSizes.ASSUME_PEERS_HAVE_SPACE));
    return tooSmall(agreed.sectors())
        .or(this::ownIsTooSmall)
        .or(this::requestsAreTooLarge)
        .orElse(adopt(agreed, wish));
  }

  private long wish() {
    return link.isHandshake()
        ? SizeAgreement.smallerNonZero(own.wishSectors(), told.wishSectors())
        : told.wishSectors();
  }

  /** A device must not shrink under data that is good. */
  private Optional<SizeVerdict> tooSmall(long sectors) {
    boolean shrinksAlone = !link.isEstablished() || link.peerDisk() == DiskState.DISKLESS;
    return sectors < own.exportedSectors() && own.dataIsGood() && shrinksAlone
        ? Optional.of(
            refuse(
                "the peer's disk is too small: %d sectors would be left of %d, and this node's"
                        .formatted(sectors, own.exportedSectors())
                    + " data is "
                    + own.disk().word()))
        : Optional.empty();
  }

  private Optional<SizeVerdict> ownIsTooSmall() {
    return own.diskSectors() < told.currentSectors() && !link.isHandshake()
        ? Optional.of(
            refuse(
                "the peer exports %d sectors, but this node's disk has %d"
                    .formatted(told.currentSectors(), own.diskSectors())))
        : Optional.empty();
  }

  private Optional<SizeVerdict> requestsAreTooLarge() {
    int version = link.protocolVersion();
    int cap = maxBioBytes(version);
    int taken = version < 94 ? Math.min(cap, told.maxBioBytes()) : cap;
    return own.maxBioBytes() > taken
        ? Optional.of(
            refuse(
                "max-bio-size is %d, but the peer takes no more than %d bytes"
                    .formatted(own.maxBioBytes(), taken)))
        : Optional.empty();
  }

  private SizeVerdict adopt(SizeAgreement agreed, long wish) {
    long sectors = agreed.sectors();
    boolean grewFromSome = own.exportedSectors() != 0 && sectors > own.exportedSectors();
    boolean shrank = sectors < own.exportedSectors();
    boolean resync =
        link.isEstablished()
            && (own.resizePending() || grewFromSome)
            && !told.has(ToldSizes.NO_RESYNC);
    return new SizeVerdict.Adopt(
        sectors,
        wish,
        grewFromSome || shrank || own.backingChanged(),
        own.agreedSectors() == 0 || told.has(ToldSizes.NO_RESYNC),
        resync,
        agreed.complaint().orElse("%d sectors are agreed on".formatted(sectors)));
  }

  private SizeVerdict oldWithDisk() {
    SizeAgreement agreed =
        SizeAgreement.withOldPeer(
            own.diskSectors(), told.diskSectors(), own.agreedSectors(), wish(), false);
    if (tooSmall(agreed.sectors()).isPresent()) {
      return tooSmall(agreed.sectors()).get();
    }
    boolean grew = own.exportedSectors() != 0 && agreed.sectors() > own.exportedSectors();
    boolean answers =
        link.isEstablished()
            && (told.currentSectors() != own.exportedSectors() || own.backingChanged());
    boolean resync =
        link.isEstablished() && (own.resizePending() || grew) && !told.has(ToldSizes.NO_RESYNC);
    return new SizeVerdict.Adopt(
        agreed.sectors(),
        wish(),
        answers,
        told.has(ToldSizes.NO_RESYNC),
        resync,
        agreed.complaint().orElse("%d sectors are agreed on".formatted(agreed.sectors())));
  }

  private SizeVerdict diskless(boolean drbd9) {
    long sectors = disklessSize(drbd9);
    if (sectors == 0 || sectors == own.exportedSectors()) {
      return new SizeVerdict.Ignore("the size stays %d sectors".formatted(own.exportedSectors()));
    }
    if (own.exportedSectors() != 0 && told.diskSectors() == 0) {
      return new SizeVerdict.Ignore("the peer has no disk either, and this node knows a size");
    }
    if (sectors < own.exportedSectors() && own.role() == Role.PRIMARY) {
      return refuse(
          "the peer's disk is too small: %d sectors of %d that this Primary exports"
              .formatted(sectors, own.exportedSectors()));
    }
    boolean otherIsSmaller =
        link.peers().stream()
            .anyMatch(
                peer ->
                    peer.heard() && peer.latestSectors() != 0 && peer.latestSectors() < sectors);
    if (drbd9 && otherIsSmaller) {
      return new SizeVerdict.Ignore("another peer's disk is smaller");
    }
    return new SizeVerdict.Adopt(
        sectors,
        told.wishSectors(),
        drbd9,
        true,
        false,
        "%d sectors of the peer".formatted(sectors));
  }

  private long disklessSize(boolean drbd9) {
    if (drbd9) {
      long smaller = SizeAgreement.smallerNonZero(told.currentSectors(), told.wishSectors());
      return SizeAgreement.smallerNonZero(smaller, told.diskSectors());
    }
    if (told.currentSectors() != 0) {
      return told.currentSectors();
    }
    return told.wishSectors() != 0 ? told.wishSectors() : told.diskSectors();
  }

  private static SizeVerdict refuse(String reason) {
    return new SizeVerdict.Refuse(reason);
  }
}
