/**
 * A world in which nodes run without threads, sockets and devices: same seed, same run, to the
 * byte. Begin at {@link io.jdrbd.sim.SimWorld}, which has the time, a {@link
 * io.jdrbd.sim.SimNetwork} and {@link io.jdrbd.sim.SimNode}s; a node has a loop, transports named
 * {@code sim} and disks, and can be killed, powered off and started again. The code under test sees
 * the same interfaces as in the product.
 */
package io.jdrbd.sim;
