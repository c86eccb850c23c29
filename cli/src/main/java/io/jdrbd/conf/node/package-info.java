/**
 * What a configuration means on one host (spec 7, sections 4.1 to 4.6): options are inherited,
 * hosts are matched, connections and paths have both of their ends, and what does not fit together
 * is named. Pure; begin with {@link io.jdrbd.conf.node.NodeConfiguration}.
 */
package io.jdrbd.conf.node;
