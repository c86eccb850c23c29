package io.jdrbd.cli;

import static io.jdrbd.cli.Parameters.argument;

import io.jdrbd.control.Json;
import io.jdrbd.resource.Endpoint;

/** Arguments by which commands name a peer, a path or a peer device. */
final class PeerArguments {
  private static final int RESOURCE = 0;
  private static final int PEER = 1;
  private static final int VOLUME = 2;

  private PeerArguments() {}

  static Syntax.Positional resource() {
    return argument("RESOURCE", "Its name.");
  }

  static Syntax.Positional peerNodeId() {
    return argument("PEER_NODE_ID", "The peer's id in the cluster, 0 to 31.");
  }

  static Syntax.Positional volume() {
    return argument("VOLUME", "Its number in the resource.");
  }

  static Syntax.Positional local() {
    return argument("LOCAL", "Where this node listens: [FAMILY:]ADDRESS[:PORT], IPv6 in brackets.");
  }

  static Syntax.Positional remote() {
    return argument("REMOTE", "Where the peer listens, of the same form.");
  }

  /** Resource and peer, for a request. */
  static Json.Obj connection(Arguments arguments) {
    return Json.Obj.empty()
        .with("resource", arguments.positional(RESOURCE, ""))
        .with("peer-node-id", peerNodeId(arguments));
  }

  static int peerNodeId(Arguments arguments) {
    return Numbers.parse("PEER_NODE_ID", arguments.positional(PEER, ""));
  }

  static int volume(Arguments arguments) {
    return Numbers.parse("VOLUME", arguments.positional(VOLUME, ""));
  }

  /** Both ends of a path. {@code local:} and {@code peer:} may stand in front. */
  static Json.Obj path(Arguments arguments) {
    return connection(arguments)
        .with("local", end(arguments.positional(2, ""), "local:"))
        .with("peer", end(arguments.positional(3, ""), "peer:"));
  }

  private static String end(String text, String prefix) {
    String address = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    try {
      return Endpoint.parse(address).toString();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
