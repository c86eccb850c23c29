package io.jdrbd.plan;

import io.jdrbd.conf.node.NodeConnection;
import io.jdrbd.conf.node.NodePath;
import io.jdrbd.conf.node.NodeVolume;
import java.util.List;
import java.util.Set;

/** How the calls of a command follow from what it is for. */
sealed interface Verb {
  /** Given for one call: the options of the command line. */
  record Given(Calls calls, String command, List<String> options) {
    public Given {
      options = List.copyOf(options);
    }

    Task chain(Step... steps) {
      return Task.chain(calls.name(), command, Stage.DISK, steps);
    }

    /** The first step; the others if it fails otherwise than with one of some exit codes. */
    Task orElse(Set<Integer> finals, List<Step> steps) {
      return new Task(calls.name(), command, Stage.DISK, new Task.Order.OrElse(finals), steps);
    }
  }

  /** Once for a resource. */
  record OfResource(Maker<Selection> maker) implements Verb {}

  /** For each volume. */
  record OfVolume(Maker<NodeVolume> maker) implements Verb {}

  /** For each connection. */
  record OfPeer(Maker<NodeConnection> maker) implements Verb {}

  /** For each path of each connection. */
  record OfPath(PathMaker maker) implements Verb {}

  /** For each volume, and there for each connection. */
  record OfPeerDevice(PeerDeviceMaker maker) implements Verb {}

  /** Makes a task. */
  @FunctionalInterface
  interface Maker<T> {
    Task make(Given given, T object) throws PlanException;
  }

  /** Makes a task for a path. */
  @FunctionalInterface
  interface PathMaker {
    Task make(Given given, NodeConnection connection, NodePath path);
  }

  /** Makes a task for a peer device. */
  @FunctionalInterface
  interface PeerDeviceMaker {
    Task make(Given given, NodeConnection connection, NodeVolume volume) throws PlanException;
  }
}
