/**
 * The NBD protocol as bytes: numbers, messages and their coding, as the public protocol document of
 * the NBD project describes them. Pure: no sockets, no threads, no clock. Begin at {@link
 * io.jdrbd.nbd.protocol.NbdOption} for the handshake and at {@link
 * io.jdrbd.nbd.protocol.RequestHeader} for the transmission phase.
 */
package io.jdrbd.nbd.protocol;
