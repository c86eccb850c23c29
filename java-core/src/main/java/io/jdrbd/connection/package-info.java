/**
 * One connection from two raw streams to packets that both nodes understand, and the signs of life
 * in between (spec 1).
 *
 * <p>Begin with {@link io.jdrbd.connection.PeerSession}: it owns the two streams, does the
 * handshake up to P_PROTOCOL, pings and answers pings, and hands every other packet on. {@link
 * io.jdrbd.connection.PacketChannel} turns one stream into packets. Everything runs on the loop
 * that owns the resource.
 */
package io.jdrbd.connection;
