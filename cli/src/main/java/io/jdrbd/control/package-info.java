/**
 * How commands reach the daemon: JSON lines over a Unix socket (docs/control-protocol.md). The
 * daemon's side is {@link io.jdrbd.control.ControlServer}, the commands' side {@link
 * io.jdrbd.control.ControlClient}; both speak {@link io.jdrbd.control.Request} and {@link
 * io.jdrbd.control.Reply}. May use {@code resource} for what is reported.
 */
package io.jdrbd.control;
