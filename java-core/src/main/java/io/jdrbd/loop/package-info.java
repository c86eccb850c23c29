/**
 * The event loop that owns the mutable state of a resource. Everything above works through {@link
 * io.jdrbd.loop.Loop}; {@link io.jdrbd.loop.EpollLoop} is the real one. May use nothing of jdrbd.
 */
package io.jdrbd.loop;
