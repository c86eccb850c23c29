package io.jdrbd.driver;

import io.jdrbd.cluster.TransactionTimes;
import io.jdrbd.resource.Resource;
import io.jdrbd.resource.ResourceOption;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.state.cluster.QuorumNeed;
import io.jdrbd.state.cluster.ResourceSettings;

/** Options of a resource as the cluster wants them. */
final class RulesOptions {
  private static final long DS_MS = 100;

  private RulesOptions() {}

  static ResourceSettings of(Resource resource) {
    ResourceOptions options = resource.options();
    return new ResourceSettings(
        resource.nodeId(),
        need(options.text(ResourceOption.QUORUM)),
        need(options.text(ResourceOption.QUORUM_MINIMUM_REDUNDANCY)),
        options.text(ResourceOption.ON_NO_QUORUM).equals("suspend-io"),
        options.suspendsWithoutData());
  }

  private static QuorumNeed need(String text) {
    return switch (text) {
      case "off" -> QuorumNeed.OFF;
      case "majority" -> new QuorumNeed.Majority();
      case "all" -> new QuorumNeed.All();
      default -> new QuorumNeed.Fixed(Integer.parseInt(text));
    };
  }

  static TransactionTimes times(Resource resource) {
    ResourceOptions options = resource.options();
    return new TransactionTimes(
        options.twopcTimeoutDs() * DS_MS, options.twopcRetryTimeoutDs() * DS_MS);
  }
}
