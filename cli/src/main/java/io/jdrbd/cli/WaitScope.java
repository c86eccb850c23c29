package io.jdrbd.cli;

import java.util.List;

/** How much {@code wait-...} looks at. */
enum WaitScope {
  /** All peer devices of a resource. */
  RESOURCE("resource"),
  /** All peer devices of a connection. */
  CONNECTION("connection"),
  /** One peer device. */
  VOLUME("volume");

  private final String word;

  WaitScope(String word) {
    this.word = word;
  }

  /** How the commands end. */
  String word() {
    return word;
  }

  /** What the commands take. */
  List<Syntax.Positional> positionals() {
    return switch (this) {
      case RESOURCE -> List.of(PeerArguments.resource());
      case CONNECTION -> List.of(PeerArguments.resource(), PeerArguments.peerNodeId());
      case VOLUME ->
          List.of(PeerArguments.resource(), PeerArguments.peerNodeId(), PeerArguments.volume());
    };
  }
}
