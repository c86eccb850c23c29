/**
 * The two-phase commit by which the nodes of a resource change its state together (spec 4.10 to
 * 4.15, 4.20, 4.21), as machines without threads and clock: what happens goes in, what is to be
 * done comes out. Begin with {@link io.jdrbd.state.twopc.Coordinator} (the node that asks) and
 * {@link io.jdrbd.state.twopc.Participant} (the nodes that are asked). Sets of nodes are masks: bit
 * n is node n.
 */
package io.jdrbd.state.twopc;
