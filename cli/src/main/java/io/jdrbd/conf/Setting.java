package io.jdrbd.conf;

/**
 * An option as somebody has set it.
 *
 * @param value as it was written; of an option that is only named {@code yes}
 */
public record Setting(String name, String value, Position at) {}
