package io.jdrbd.buffer;

import java.util.Arrays;

/**
 * Which pages of a region are free: a binary buddy tree. Node 1 is the whole region, nodes 2n and
 * 2n+1 are the halves of node n. A run of 2^order pages is named by its node. Not thread-safe.
 */
final class BuddyPages {
  /** What {@link #take} answers when no run is free. */
  static final int NO_NODE = 0;

  private static final byte NOTHING_FREE = -1;

  private final int maxOrder;

  /** The order of the longest free run below each node, or {@link #NOTHING_FREE}. */
  private final byte[] longestFree;

  /**
   * @param maxOrder the region has 2^maxOrder pages
   */
  BuddyPages(int maxOrder) {
    this.maxOrder = maxOrder;
    this.longestFree = new byte[2 << maxOrder];
    for (int order = maxOrder, first = 1; order >= 0; order--, first *= 2) {
      Arrays.fill(longestFree, first, first * 2, (byte) order);
    }
  }

  int nodes() {
    return longestFree.length;
  }

  int maxOrder() {
    return maxOrder;
  }

  /** Takes the first free run of 2^order pages; answers its node or {@link #NO_NODE}. */
  int take(int order) {
    if (longestFree[1] < order) {
      return NO_NODE;
    }
    int node = 1;
    for (int level = maxOrder; level > order; level--) {
      node *= 2;
      if (longestFree[node] < order) {
        node++;
      }
    }
    longestFree[node] = NOTHING_FREE;
    updateParents(node);
    return node;
  }

  /** Gives the run of a node back. */
  void giveBack(int node) {
    if (longestFree[node] != NOTHING_FREE) {
      throw new IllegalStateException("node " + node + " is free already");
    }
    longestFree[node] = (byte) order(node);
    updateParents(node);
  }

  /** The order of a node's run. */
  int order(int node) {
    return maxOrder - (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(node));
  }

  /** The first page of a node's run. */
  int firstPage(int node) {
    int order = order(node);
    return (node << order) - (1 << maxOrder);
  }

  private void updateParents(int start) {
    for (int node = start / 2; node >= 1; node /= 2) {
      byte left = longestFree[2 * node];
      byte right = longestFree[2 * node + 1];
      int childOrder = order(node) - 1;
      boolean whole = left == childOrder && right == childOrder;
      longestFree[node] = whole ? (byte) (childOrder + 1) : (byte) Math.max(left, right);
    }
  }
}
