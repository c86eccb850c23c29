/**
 * The process that offers volumes: puts node, NBD server, kernel devices and control socket
 * together and keeps what is configured across restarts. Begin with {@link io.jdrbd.daemon.Daemon}.
 * Everything runs on one event loop; what blocks (files, the kernel) has threads of its own.
 */
package io.jdrbd.daemon;
