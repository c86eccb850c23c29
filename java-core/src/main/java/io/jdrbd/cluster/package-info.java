/**
 * A resource among its peers: states are changed by the rules of {@code state.cluster}, and what
 * follows from a change is carried out.
 *
 * <p>Begin with {@link io.jdrbd.cluster.ClusterResource}, which holds the state in force; {@link
 * io.jdrbd.cluster.ClusterPeer} is one connection, {@link io.jdrbd.cluster.ClusterVolume} one
 * volume, {@link io.jdrbd.cluster.PeerVolume} where the two meet. What decides is pure and lies in
 * {@code state}; what is here gathers facts, carries out, and keeps the reasons. Everything runs on
 * the loop that owns the resource.
 */
package io.jdrbd.cluster;
