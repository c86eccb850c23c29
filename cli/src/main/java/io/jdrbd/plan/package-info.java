/**
 * What has to be done for a command on a configured resource: pure functions from the
 * configuration, and what is running, to a list of low-level calls in drbdadm's order (spec 7,
 * sections 6.3 to 6.5). Begin with {@link io.jdrbd.plan.Verbs} and {@link
 * io.jdrbd.plan.Adjustment}.
 */
package io.jdrbd.plan;
