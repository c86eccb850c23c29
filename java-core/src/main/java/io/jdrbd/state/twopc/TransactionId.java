package io.jdrbd.state.twopc;

/**
 * Which transaction a packet belongs to.
 *
 * @param initiator the node that began it
 * @param tid a random number, never 0
 */
public record TransactionId(int initiator, int tid) {}
