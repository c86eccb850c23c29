/**
 * Writes a configuration in its own language, as {@code drbdadm dump} does; begin with {@link
 * io.jdrbd.conf.dump.ConfigurationDump}. What it writes can be read again.
 */
package io.jdrbd.conf.dump;
