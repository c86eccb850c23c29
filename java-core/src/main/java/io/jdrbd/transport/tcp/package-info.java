/**
 * The transport {@code tcp}: the kernel's sockets, through Netty's epoll. Begin at {@link
 * io.jdrbd.transport.tcp.TcpTransportFactory}; one socket is a {@code TcpSocket}.
 */
package io.jdrbd.transport.tcp;
