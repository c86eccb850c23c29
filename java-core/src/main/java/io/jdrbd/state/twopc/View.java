package io.jdrbd.state.twopc;

/**
 * What a node knows of itself and its neighbours at some moment.
 *
 * @param self its own id
 * @param connected nodes to which it is connected
 * @param connecting nodes with which it shakes hands
 * @param primary whether it is Primary; at a coordinator, after the change
 * @param dataAccessible whether it reaches UpToDate data
 * @param hasDisk whether it has a disk
 * @param twoPrimaries neighbours whose connection has allow-two-primaries
 * @param readOnlyOpen whether a volume is open for reading only
 * @param maxSectors what its disk has room for; {@link Masks#ANY_SIZE} without a disk
 */
public record View(
    int self,
    long connected,
    long connecting,
    boolean primary,
    boolean dataAccessible,
    boolean hasDisk,
    long twoPrimaries,
    boolean readOnlyOpen,
    long maxSectors) {

  /** Itself and the nodes that it is connected to. */
  long neighbourhood() {
    return connected | Nodes.of(self);
  }
}
