package io.jdrbd.state.twopc;

import java.util.List;
import java.util.stream.IntStream;

/** Sets of nodes as masks of 64 bits. */
public final class Nodes {
  /** Where a node may be named but is not. */
  public static final int NONE = -1;

  /** Everybody, nodes that do not exist included. */
  public static final long ALL = -1L;

  private Nodes() {}

  /** The set of one node; the empty set for {@link #NONE}. */
  public static long of(int node) {
    return node == NONE ? 0 : 1L << node;
  }

  /** Whether a node is in a set. */
  public static boolean has(long nodes, int node) {
    return (nodes & of(node)) != 0;
  }

  /** The nodes of a set, lowest first. */
  public static List<Integer> list(long nodes) {
    return IntStream.range(0, Long.SIZE).filter(node -> has(nodes, node)).boxed().toList();
  }

  /** The nodes of a set in words. */
  public static String text(long nodes) {
    return nodes == 0 ? "none" : list(nodes).toString();
  }
}
