package io.jdrbd.state.cluster;

/**
 * What the metadata of a volume says about its own disk (spec 4.5, "Metadata flags"; 5.4.5).
 *
 * @param consistent the data was consistent
 * @param wasUpToDate the disk was better than Outdated
 * @param primaryIndication this node or a peer was Primary
 * @param crashedPrimary this node was Primary and has not stepped down since
 * @param activityLogClean the activity log was applied
 * @param lostQuorum this node lost quorum while Primary
 * @param hasQuorum there was quorum
 */
public record MetadataMarks(
    boolean consistent,
    boolean wasUpToDate,
    boolean primaryIndication,
    boolean crashedPrimary,
    boolean activityLogClean,
    boolean lostQuorum,
    boolean hasQuorum) {
  /** What new metadata says. */
  public static final MetadataMarks NEW =
      new MetadataMarks(false, false, false, false, true, false, false);

  /** The same but for {@link #consistent}. */
  public MetadataMarks withConsistent(boolean wanted) {
    return new MetadataMarks(
        wanted,
        wasUpToDate,
        primaryIndication,
        crashedPrimary,
        activityLogClean,
        lostQuorum,
        hasQuorum);
  }

  /** The same but for {@link #wasUpToDate}. */
  public MetadataMarks withWasUpToDate(boolean wanted) {
    return new MetadataMarks(
        consistent,
        wanted,
        primaryIndication,
        crashedPrimary,
        activityLogClean,
        lostQuorum,
        hasQuorum);
  }

  /** The same but for {@link #primaryIndication}. */
  public MetadataMarks withPrimaryIndication(boolean wanted) {
    return new MetadataMarks(
        consistent, wasUpToDate, wanted, crashedPrimary, activityLogClean, lostQuorum, hasQuorum);
  }

  /** The same but for {@link #crashedPrimary}. */
  public MetadataMarks withCrashedPrimary(boolean wanted) {
    return new MetadataMarks(
        consistent,
        wasUpToDate,
        primaryIndication,
        wanted,
        activityLogClean,
        lostQuorum,
        hasQuorum);
  }

  /** The same but for {@link #activityLogClean}. */
  public MetadataMarks withActivityLogClean(boolean wanted) {
    return new MetadataMarks(
        consistent, wasUpToDate, primaryIndication, crashedPrimary, wanted, lostQuorum, hasQuorum);
  }

  /** The same but for {@link #lostQuorum}. */
  public MetadataMarks withLostQuorum(boolean wanted) {
    return new MetadataMarks(
        consistent,
        wasUpToDate,
        primaryIndication,
        crashedPrimary,
        activityLogClean,
        wanted,
        hasQuorum);
  }

  /** The same but for {@link #hasQuorum}. */
  public MetadataMarks withHasQuorum(boolean wanted) {
    return new MetadataMarks(
        consistent,
        wasUpToDate,
        primaryIndication,
        crashedPrimary,
        activityLogClean,
        lostQuorum,
        wanted);
  }
}
