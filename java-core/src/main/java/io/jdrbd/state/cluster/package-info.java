/**
 * The state machine of a resource (spec 4.1 to 4.6, 4.8, 4.9, 4.18): what follows from a change
 * that somebody wants, whether it may be, and what is to be done then. Everything is a value, every
 * rule a function of values: no threads, no clock, no I/O.
 *
 * <p>Begin with {@link io.jdrbd.state.cluster.StateChange}: it takes a {@link
 * io.jdrbd.state.cluster.ResourceSnapshot} in force and a wanted one and gives an {@link
 * io.jdrbd.state.cluster.Outcome}. May use {@code io.jdrbd.state}.
 */
package io.jdrbd.state.cluster;
