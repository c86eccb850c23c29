package io.jdrbd.nbd.server;

/**
 * A client that has chosen an export.
 *
 * @param address who it is: {@code unix:pid=12,uid=0}, {@code tcp:[::1]:4711}, with the subject of
 *     its certificate if it showed one
 * @param exportName what it uses
 * @param readOnly whether it can only read
 * @param tls whether the connection is encrypted
 * @param requestsInFlight how many of its requests are being worked on
 */
public record ClientInfo(
    String address, String exportName, boolean readOnly, boolean tls, int requestsInFlight) {}
