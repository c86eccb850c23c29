/**
 * Two whole nodes in a simulated world, by thousands of seeds: an application writes on the Primary
 * while connections break, nodes crash and disks fail, and what must never happen is looked for.
 *
 * <p>Begin with {@link io.jdrbd.driver.sim.ClusterSimulation}, which is one run. {@code
 * -Djdrbd.sim.seed=N} replays one seed and prints what happened in it.
 */
package io.jdrbd.driver.sim;
