/**
 * The NBD server: {@link io.jdrbd.nbd.server.NbdServer} listens, each client has a {@code
 * Connection} that is first in the handshake ({@code Negotiation}), then in the transmission phase
 * ({@code Transmission}). Everything runs on one event loop. May use {@code nbd.protocol}, {@code
 * export} and jdrbd-core.
 */
package io.jdrbd.nbd.server;
