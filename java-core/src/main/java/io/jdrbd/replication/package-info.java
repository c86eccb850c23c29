/**
 * Writes and reads on their way between application, local disk and peers (spec 2).
 *
 * <p>Begin with {@link io.jdrbd.replication.ReplicatedDisk}, what applications use; {@link
 * io.jdrbd.replication.Write} is one write's life; {@link io.jdrbd.replication.PeerWrites} is what
 * one peer has and has not confirmed. The other side of the wire is {@link
 * io.jdrbd.replication.IncomingWrites}. Nothing here knows packets: {@link
 * io.jdrbd.replication.WriteLine} and {@link io.jdrbd.replication.AckLine} are what a connection
 * has to offer. Everything runs on the loop that owns the resource.
 */
package io.jdrbd.replication;
