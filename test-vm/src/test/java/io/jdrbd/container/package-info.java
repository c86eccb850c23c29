/**
 * A node in a container, and its clients in others. Begin with {@link
 * io.jdrbd.container.ContainerIT}; {@link io.jdrbd.container.ContainerEngine} finds or starts the
 * engine.
 */
package io.jdrbd.container;
