/**
 * Brings configured connections to life: between the object model of {@code resource}, which
 * commands change, and {@code cluster}, which speaks with peers.
 *
 * <p>Begin with {@link io.jdrbd.driver.ClusterDriver}.
 */
package io.jdrbd.driver;
