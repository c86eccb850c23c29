/**
 * Recorded traffic between real DRBD nodes, as packets: for tests of the codec, of decisions, and
 * for playing one recorded side against jdrbd. Begin with {@link
 * io.jdrbd.wire.capture.Capture#load}.
 */
package io.jdrbd.wire.capture;
