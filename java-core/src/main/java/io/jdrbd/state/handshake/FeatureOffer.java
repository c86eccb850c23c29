package io.jdrbd.state.handshake;

/**
 * What a node says in P_CONNECTION_FEATURES.
 *
 * @param protocolMin the lowest version that it speaks
 * @param protocolMax the highest; 0 means the lowest
 * @param features mask of features (spec 1.6.2)
 * @param senderNodeId who it is; without meaning below version 110
 * @param receiverNodeId to whom it thinks it talks; without meaning below version 110
 */
public record FeatureOffer(
    int protocolMin, int protocolMax, int features, int senderNodeId, int receiverNodeId) {

  int highest() {
    return protocolMax == 0 ? protocolMin : protocolMax;
  }

  String range() {
    return "%d to %d".formatted(protocolMin, highest());
  }
}
