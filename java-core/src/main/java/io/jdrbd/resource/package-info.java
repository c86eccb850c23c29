/**
 * The object model of a node and its administration: a {@link io.jdrbd.resource.Node} has
 * resources, a resource has volumes, a volume has a backing disk. Begin with {@code Node}. All of
 * it lives on one event loop; nothing here blocks or takes a lock. Decisions are made by {@code
 * state}; whoever wants to know what happened listens ({@link io.jdrbd.resource.NodeListener}).
 *
 * <p>Connections and peer devices, when they come, are owned by {@code Resource} beside its
 * volumes.
 */
package io.jdrbd.resource;
