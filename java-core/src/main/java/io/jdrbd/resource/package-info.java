/**
 * The object model of a node and its administration: a {@link io.jdrbd.resource.Node} has
 * resources; a resource has volumes and connections; a volume has a backing disk, a connection has
 * paths and, for each volume, a peer device. Begin with {@code Node}. All of it lives on one event
 * loop; nothing here blocks or takes a lock. Decisions are made by {@code state}; whoever wants to
 * know what happened listens ({@link io.jdrbd.resource.NodeListener}).
 *
 * <p>Connections are configured here and brought to life by a {@link
 * io.jdrbd.resource.ConnectionDriver}, which reports what comes of it by their setters.
 */
package io.jdrbd.resource;
