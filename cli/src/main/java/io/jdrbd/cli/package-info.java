/**
 * The commands: what a person or a cluster manager types, with the names, arguments, exit codes and
 * messages of {@code drbdsetup} (spec 7, sections 8 to 11). Begin with {@link io.jdrbd.cli.Main}
 * and {@link io.jdrbd.cli.CommandTable}. A command asks the daemon over the control socket and
 * prints; it decides nothing. Commands are described in code, not by annotations, so that only the
 * one that is run is built.
 */
package io.jdrbd.cli;
