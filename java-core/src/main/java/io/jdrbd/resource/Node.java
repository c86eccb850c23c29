package io.jdrbd.resource;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.loop.Loop;
import io.jdrbd.resync.SyncOrder;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Everything that this host has configured, and the commands that change it (spec 7, section 8.1).
 * A command answers with a verdict: what it came to and why. All methods must be called on the loop
 * given, and every completion arrives there.
 */
public final class Node {
  private final Loop loop;
  private final NodeListener listener;
  private final RoleChanges roles;
  private final Openings openings;
  private final DiskAttachment attachment;
  private final DiskRemoval removal;
  private final ConnectionDriver driver;
  private final PeerCommands peers;
  private final InstantSource clock;
  private final TreeMap<String, Resource> resources = new TreeMap<>();
  private final Map<Integer, Volume> minors = new HashMap<>();
  private final Map<String, ResourceView> published = new HashMap<>();

  /**
   * @param loop owns everything here
   * @param disks opens backing disks
   * @param pool gives memory for metadata
   * @param driver brings connections to life
   * @param listener is told of every change
   * @param clock tells when something was decided
   */
  public Node(
      Loop loop,
      DiskSource disks,
      BufferPool pool,
      ConnectionDriver driver,
      NodeListener listener,
      InstantSource clock) {
    this(loop, disks, pool, driver, listener, clock, new Background(loop, pool));
  }

  /**
   * @param loop owns everything here
   * @param disks opens backing disks
   * @param pool gives memory for metadata
   * @param driver brings connections to life
   * @param listener is told of every change
   * @param clock tells when something was decided
   * @param access reads and writes metadata as a whole
   */
  public Node(
      Loop loop,
      DiskSource disks,
      BufferPool pool,
      ConnectionDriver driver,
      NodeListener listener,
      InstantSource clock,
      MetadataAccess access) {
    this.loop = loop;
    this.listener = listener;
    this.roles = new RoleChanges(driver);
    this.openings = new Openings(loop, roles);
    this.removal = new DiskRemoval(driver);
    this.attachment =
        new DiskAttachment(disks, new MetadataOpening(loop, pool, access), driver, roles, removal);
    this.driver = driver;
    this.peers = new PeerCommands(this, loop, driver);
    this.clock = clock;
  }

  /** What brings connections to life. */
  ConnectionDriver driver() {
    return driver;
  }

  /** The commands that configure peers and connect to them. */
  public PeerCommands peers() {
    return peers;
  }

  /** The commands that change what a disk counts for. */
  public DiskCommands disks() {
    return new DiskCommands(this);
  }

  /** The commands that make disks equal, or compare them. */
  public SyncCommands sync() {
    return new SyncCommands(this, driver);
  }

  /** All resources by name. */
  public Collection<Resource> resources() {
    return Collections.unmodifiableCollection(resources.values());
  }

  /** The resource of that name. */
  public Optional<Resource> resource(String name) {
    return Optional.ofNullable(resources.get(name));
  }

  /** The volume with that minor number. */
  public Optional<Volume> volume(int minor) {
    return Optional.ofNullable(minors.get(minor));
  }

  /** Creates a resource; silently succeeds if there is one of that name. */
  public Verdict newResource(String name, int nodeId, ResourceOptions options) {
    Optional<String> complaint =
        Names.complaint(name).or(() -> Names.complaint("node id", nodeId, Names.NODE_ID_MAX));
    if (complaint.isPresent()) {
      return Verdict.refused(ConfigError.INVALID_REQUEST, complaint.get());
    }
    if (resources.containsKey(name)) {
      return Verdict.passed("exists already");
    }
    Resource resource = new Resource(name, nodeId, options, new Decisions(clock), new Publisher());
    resources.put(name, resource);
    publish(resource);
    return Verdict.passed("created");
  }

  /** Changes options of a resource. */
  public Verdict setOptions(String name, ResourceOptions options) {
    return withResource(
        name,
        resource -> {
          resource.setOptions(options);
          driver.optionsChanged(resource);
          publish(resource);
          return Verdict.passed("options: " + options);
        });
  }

  /** Lets all I/O of the resource of a volume wait, until {@link #resumeIo}. */
  public Verdict suspendIo(int minor) {
    return suspend(minor, true);
  }

  /** Ends what {@link #suspendIo} began, and the wait for the fencing of a peer. */
  public Verdict resumeIo(int minor) {
    return suspend(minor, false);
  }

  private Verdict suspend(int minor, boolean suspend) {
    return withVolume(
        minor,
        volume -> {
          if (!driver.suspend(volume.resource(), suspend)) {
            volume.resource().suspendAlone(suspend);
          }
          return Verdict.passed(suspend ? "I/O is suspended" : "I/O goes on");
        });
  }

  /** Deletes a resource that has no peers and no volumes. */
  public Verdict delResource(String name) {
    return withResource(
        name,
        resource -> {
          if (!resource.connections().isEmpty()) {
            return Verdict.refused(
                ConfigError.NET_CONFIGURED, "it has " + resource.connections().size() + " peers");
          }
          if (!resource.volumes().isEmpty()) {
            return Verdict.refused(
                ConfigError.RES_IN_USE, "it has " + resource.volumes().size() + " volumes");
          }
          resources.remove(name);
          published.remove(name);
          driver.removed(resource);
          listener.gone(name);
          return Verdict.passed("deleted");
        });
  }

  /**
   * Creates a diskless device; silently succeeds if the very same exists.
   *
   * @param client diskless by intention
   */
  public Verdict newMinor(String name, int minor, int number, boolean client) {
    Optional<String> complaint =
        Names.complaint("minor", minor, Names.MINOR_MAX)
            .or(() -> Names.complaint("volume", number, Names.VOLUME_MAX));
    if (complaint.isPresent()) {
      return Verdict.refused(ConfigError.INVALID_REQUEST, complaint.get());
    }
    return withResource(name, resource -> newMinor(resource, minor, number, client));
  }

  private Verdict newMinor(Resource resource, int minor, int number, boolean client) {
    Optional<Volume> sameMinor = volume(minor);
    Optional<Volume> sameNumber = resource.volume(number);
    if (sameMinor.isPresent() && sameMinor.equals(sameNumber)) {
      return Verdict.passed("exists already");
    }
    if (sameMinor.isPresent()) {
      return Verdict.refused(
          ConfigError.MINOR_OR_VOLUME_EXISTS,
          "minor %d is volume %s".formatted(minor, sameMinor.get().name()));
    }
    if (sameNumber.isPresent()) {
      return Verdict.refused(
          ConfigError.MINOR_OR_VOLUME_EXISTS,
          "volume %s is minor %d".formatted(sameNumber.get().name(), sameNumber.get().minor()));
    }
    Volume volume =
        new Volume(
            resource,
            number,
            minor,
            client,
            loop,
            removal::requestFailed,
            driver::diskChanged,
            removal::released);
    List<PeerDevice> added = resource.add(volume);
    minors.put(minor, volume);
    publish(resource);
    added.forEach(driver::added);
    return Verdict.passed("created");
  }

  /** Deletes a device that has no disk and that nobody has open. */
  public Verdict delMinor(int minor) {
    return withVolume(
        minor,
        volume -> {
          if (volume.diskState() != DiskState.DISKLESS) {
            return Verdict.refused(
                ConfigError.MINOR_CONFIGURED, "its disk is " + volume.diskState().word());
          }
          if (volume.open()) {
            return Verdict.refused(StateError.DEVICE_IN_USE, volume.name() + " is open");
          }
          minors.remove(minor);
          List<PeerDevice> removed = volume.resource().remove(volume);
          publish(volume.resource());
          removed.forEach(driver::removed);
          return Verdict.passed("deleted");
        });
  }

  /** Attaches a disk; the verdict comes when it is attached or could not be. */
  public CompletionStage<Verdict> attach(int minor, AttachOptions options) {
    return volume(minor)
        .map(
            volume ->
                waitsForItself(minor, options.config())
                    ? DiskAttachment.now(
                        Verdict.refused(
                            ConfigError.RESYNC_AFTER_CYCLE,
                            "the volumes named by resync-after wait for minor " + minor))
                    : attachment.attach(volume, options))
        .orElseGet(() -> DiskAttachment.now(unknownMinor(minor)));
  }

  /** Whether a resync of the volume would wait for itself with these options. */
  boolean waitsForItself(int minor, DiskConfig config) {
    Map<Integer, SyncOrder.Device> devices = new HashMap<>();
    minors.forEach(
        (other, volume) ->
            devices.put(other, new SyncOrder.Device(volume.config().resyncAfter(), false)));
    OptionalInt after = config.resyncAfter();
    return after.isPresent() && SyncOrder.isCycle(minor, after.getAsInt(), devices);
  }

  /**
   * Detaches the disk; the verdict comes when it is closed, with {@code force} at once.
   *
   * @param force although data becomes inaccessible, and without waiting for requests in flight
   * @param client remember the volume as diskless by intention
   */
  public CompletionStage<Verdict> detach(int minor, boolean force, boolean client) {
    return volume(minor)
        .map(volume -> removal.detach(volume, force, client))
        .orElseGet(() -> DiskAttachment.now(unknownMinor(minor)));
  }

  /**
   * Makes a resource Primary and keeps it so until the next {@link #secondary}; the verdict comes
   * when that is on disk.
   */
  public CompletionStage<Verdict> primary(String name, boolean force) {
    return resource(name)
        .map(resource -> roles.primary(resource, force))
        .orElseGet(() -> DiskAttachment.now(unknownResource(name)));
  }

  /** Makes a resource Secondary; the verdict comes when that is on disk. */
  public CompletionStage<Verdict> secondary(String name, boolean force) {
    return resource(name)
        .map(resource -> roles.secondary(resource, force))
        .orElseGet(() -> DiskAttachment.now(unknownResource(name)));
  }

  /**
   * The end of the daemon: every disk is left in order and closed. Disks of resources that are
   * Primary stay marked so. Called when nobody uses a volume any more.
   */
  public CompletionStage<Void> close() {
    return driver
        .close()
        .thenCompose(
            closed ->
                CompletableFuture.allOf(
                    minors.values().stream()
                        .map(volume -> removal.leave(volume).toCompletableFuture())
                        .toArray(CompletableFuture[]::new)));
  }

  /** Applications that open volumes and close them. */
  public Openings openings() {
    return openings;
  }

  /** What can be seen of all resources, by name. */
  public List<ResourceView> view() {
    return resources.values().stream().map(Resource::view).toList();
  }

  private static void publish(Resource resource) {
    resource.changed();
  }

  private final class Publisher implements ResourceWatcher {
    @Override
    public void changed(Resource resource) {
      ResourceView view = resource.view();
      ResourceView before = published.put(resource.name(), view.withoutStatistics());
      if (!view.withoutStatistics().equals(before)) {
        listener.changed(view);
      }
    }

    @Override
    public void progressed(Resource resource) {
      ResourceView view = resource.view();
      published.put(resource.name(), view.withoutStatistics());
      listener.changed(view);
    }
  }

  private Verdict withResource(String name, Function<Resource, Verdict> action) {
    return resource(name).map(action).orElseGet(() -> unknownResource(name));
  }

  static Verdict unknownResource(String name) {
    return Verdict.refused(ConfigError.RES_NOT_KNOWN, "no resource is called '" + name + "'");
  }

  private Verdict withVolume(int minor, Function<Volume, Verdict> action) {
    return volume(minor).map(action).orElseGet(() -> unknownMinor(minor));
  }

  static Verdict unknownMinor(int minor) {
    return Verdict.refused(ConfigError.MINOR_INVALID, "no volume has the minor number " + minor);
  }
}
