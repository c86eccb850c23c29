/**
 * DRBD's packets and their coding (spec 1.5, 1.14 and the chapters that the packets name): what a
 * node says, as records, and how each looks in bytes. Pure: no I/O, no threads, no clock. May use
 * Netty's buffers and nothing of jdrbd. Begin with {@link io.jdrbd.wire.Packet}, {@link
 * io.jdrbd.wire.PacketDecoder} and {@link io.jdrbd.wire.PacketEncoder}; which layout is in force is
 * said by {@link io.jdrbd.wire.WireDialect}.
 */
package io.jdrbd.wire;
