package io.jdrbd.daemon;

import io.jdrbd.export.Export;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.Volume;

/** What all ways of offering a volume have in common; they differ in when it counts as open. */
abstract class OfferedVolume implements Export {
  private final Node node;
  private final Volume volume;
  private final EpollLoop loop;

  OfferedVolume(Node node, Volume volume, EpollLoop loop) {
    this.node = node;
    this.volume = volume;
    this.loop = loop;
  }

  final Node node() {
    return node;
  }

  final Volume volume() {
    return volume;
  }

  @Override
  public final String name() {
    return volume.name();
  }

  @Override
  public final boolean readOnly() {
    return false;
  }

  @Override
  public final EpollLoop loop() {
    return loop;
  }
}
