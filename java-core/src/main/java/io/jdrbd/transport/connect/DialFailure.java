package io.jdrbd.transport.connect;

/**
 * Why a call did not come to anything (spec 1.4.3).
 *
 * @param fatal it makes no sense to try again; otherwise the peer is just not there yet
 * @param text with addresses and cause
 */
public record DialFailure(boolean fatal, String text) {}
