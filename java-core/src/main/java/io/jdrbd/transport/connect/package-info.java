/**
 * How two streams are found (spec 1.4.2 to 1.4.6), for any kind of socket: {@link
 * io.jdrbd.transport.connect.ConnectLoop} decides, {@link
 * io.jdrbd.transport.connect.SocketTransport} carries out, and a {@link
 * io.jdrbd.transport.connect.SocketLayer} has the sockets: those of the kernel, or simulated ones.
 */
package io.jdrbd.transport.connect;
