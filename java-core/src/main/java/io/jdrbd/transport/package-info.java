/**
 * How two nodes reach each other: a {@link io.jdrbd.transport.Transport} makes the two streams of a
 * connection, DATA and CONTROL, and hands them over as a {@link io.jdrbd.transport.PeerLink}. What
 * the bytes in the streams mean is not known here (spec 1.4). Transports are found by name in
 * {@link io.jdrbd.transport.Transports}. May use the loop and buffers.
 */
package io.jdrbd.transport;
