package io.jdrbd.cli;

import java.util.List;

/** How much {@code wait-...} looks at. */
enum WaitScope {
  /** All peer devices of a resource. */
  RESOURCE("resource", List.of(PeerArguments.resource())),
  /** All peer devices of a connection. */
  CONNECTION("connection", List.of(PeerArguments.resource(), PeerArguments.peerNodeId())),
  /** One peer device. */
  VOLUME(
      "volume",
      List.of(PeerArguments.resource(), PeerArguments.peerNodeId(), PeerArguments.volume()));

  private final String word;
  private final List<Syntax.Positional> positionals;

  WaitScope(String word, List<Syntax.Positional> positionals) {
    this.word = word;
    this.positionals = List.copyOf(positionals);
  }

  /** How the commands end. */
  String word() {
    return word;
  }

  /** What the commands take. */
  List<Syntax.Positional> positionals() {
    return positionals;
  }
}
