/**
 * Pure rules: states, and which changes of them are allowed. A rule is a function from facts to a
 * {@link io.jdrbd.state.Verdict} with its reason; the caller carries it out. No threads, no clock,
 * no sockets, no files. Begin with {@link io.jdrbd.state.RoleRules}. May use the enums of {@code
 * disk} and the identifiers of {@code metadata.rules}.
 */
package io.jdrbd.state;
