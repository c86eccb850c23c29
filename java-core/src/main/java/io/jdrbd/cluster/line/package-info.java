/**
 * What replication, resync and verify have to say to a peer, as DRBD's packets in the agreed
 * version (spec 2.3, 6.4).
 *
 * <p>They know no packets, and {@code cluster} need not know which are used: begin with {@link
 * io.jdrbd.cluster.line.OutgoingLine}, which implements what they call. Everything runs on the loop
 * that owns the resource.
 */
package io.jdrbd.cluster.line;
