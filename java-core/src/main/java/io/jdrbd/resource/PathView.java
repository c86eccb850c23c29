package io.jdrbd.resource;

/**
 * What can be seen of a path at one moment.
 *
 * @param local this node's end
 * @param peer the peer's end
 * @param established whether it carries the connection
 */
public record PathView(Endpoint local, Endpoint peer, boolean established) {}
