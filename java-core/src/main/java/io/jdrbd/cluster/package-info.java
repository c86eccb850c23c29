/**
 * A resource among its peers: states are changed by the rules of {@code state.cluster}, and what
 * follows from a change is carried out.
 *
 * <p>Four objects live as long as they are configured: {@link io.jdrbd.cluster.ClusterResource},
 * {@link io.jdrbd.cluster.ClusterPeer}, {@link io.jdrbd.cluster.ClusterVolume}, and {@link
 * io.jdrbd.cluster.PeerVolume} where the last two meet. What they do lies in rooms of its own:
 *
 * <ul>
 *   <li>states: {@code States}, fed by {@code RuleFacts}, put to use by {@code InForce} and {@code
 *       EffectRunner};
 *   <li>a connection: {@code PeerSearch}, {@code PeerConnection}, {@code ProtocolAgreement}, {@code
 *       Connecting}, {@code Disconnecting}; what arrives goes through {@code PacketDispatch};
 *   <li>what is agreed: {@code Transactions} with {@code Twopc...}, {@code StateRequests} with old
 *       peers; asked for by {@code RoleChanges}, {@code DiskChanges}, {@code SizeChanges}, {@code
 *       ReplicationChanges};
 *   <li>what each tells of a volume: {@code VolumePackets} and {@code Identifiers}, {@code
 *       PeerNegotiation} and {@code PeerStates};
 *   <li>a resync: {@code ResyncDecision}, {@code BitmapTransfer}, {@code ResyncStart}, {@code
 *       PeerResync}, {@code ResyncEnd}; a verify: {@code PeerVerify}.
 * </ul>
 *
 * <p>What decides is pure and lies in {@code state}; what is here gathers facts, carries out, and
 * keeps the reasons. Everything runs on the loop that owns the resource.
 */
package io.jdrbd.cluster;
