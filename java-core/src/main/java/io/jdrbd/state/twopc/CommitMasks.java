package io.jdrbd.state.twopc;

/**
 * What a commit tells everybody; {@link io.jdrbd.state.cluster.Commit} says what that does to a
 * node.
 *
 * @param primaries all Primaries after the change; for a change of size, those with a disk
 * @param reachable members of the partition after the change; of the target's side, if the change
 *     splits the cluster
 * @param primaryIncapable there is a Primary, but none reaches UpToDate data
 * @param sectors for a change of size, the new size
 */
public record CommitMasks(long primaries, long reachable, boolean primaryIncapable, long sectors) {}
