/**
 * Which of two nodes has the newer data, and what follows (spec 3.6 and 3.7): pure functions from
 * what both sides said of their disks to a decision with its reason. Begin with {@link
 * io.jdrbd.state.sync.SyncHandshake} (DRBD 9) and {@link io.jdrbd.state.sync.SyncHandshake84}. Uses
 * the generation identifiers of {@code metadata.rules}.
 */
package io.jdrbd.state.sync;
