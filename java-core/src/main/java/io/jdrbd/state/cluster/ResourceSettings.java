package io.jdrbd.state.cluster;

/**
 * The options of a resource that its states depend on; kept by the caller.
 *
 * @param nodeId of this node
 * @param quorum option quorum
 * @param minimumRedundancy option quorum-minimum-redundancy
 * @param suspendsWithoutQuorum option on-no-quorum is suspend-io
 * @param suspendsWithoutData option on-no-data-accessible is suspend-io
 */
public record ResourceSettings(
    int nodeId,
    QuorumNeed quorum,
    QuorumNeed minimumRedundancy,
    boolean suspendsWithoutQuorum,
    boolean suspendsWithoutData) {

  /** The defaults of DRBD. */
  public static ResourceSettings defaults(int nodeId) {
    return new ResourceSettings(nodeId, QuorumNeed.OFF, QuorumNeed.OFF, true, false);
  }

  /** The same but for {@link #nodeId}. */
  public ResourceSettings withNodeId(int wanted) {
    return new ResourceSettings(
        wanted, quorum, minimumRedundancy, suspendsWithoutQuorum, suspendsWithoutData);
  }

  /** The same but for {@link #quorum}. */
  public ResourceSettings withQuorum(QuorumNeed wanted) {
    return new ResourceSettings(
        nodeId, wanted, minimumRedundancy, suspendsWithoutQuorum, suspendsWithoutData);
  }

  /** The same but for {@link #minimumRedundancy}. */
  public ResourceSettings withMinimumRedundancy(QuorumNeed wanted) {
    return new ResourceSettings(nodeId, quorum, wanted, suspendsWithoutQuorum, suspendsWithoutData);
  }

  /** The same but for {@link #suspendsWithoutQuorum}. */
  public ResourceSettings withSuspendsWithoutQuorum(boolean wanted) {
    return new ResourceSettings(nodeId, quorum, minimumRedundancy, wanted, suspendsWithoutData);
  }

  /** The same but for {@link #suspendsWithoutData}. */
  public ResourceSettings withSuspendsWithoutData(boolean wanted) {
    return new ResourceSettings(nodeId, quorum, minimumRedundancy, suspendsWithoutQuorum, wanted);
  }
}
