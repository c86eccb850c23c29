/**
 * The life cycle of what the superblock says: generation identifiers and flags, as pure functions
 * from facts to new values. Who calls them writes the result. Begin with {@link
 * io.jdrbd.metadata.rules.Generations}. Uses {@link io.jdrbd.metadata.format} only.
 */
package io.jdrbd.metadata.rules;
