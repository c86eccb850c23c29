package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.Completion;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.VolumeFacts;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One volume of a resource: a device, its disk, and who has it open. Used on the node's loop. */
public final class Volume {
  private static final Completion NOBODY_WAITS = error -> {};

  private final Resource resource;
  private final int number;
  private final int minor;
  private final VolumeDisk front;
  private final BiConsumer<Volume, FailedRequest> failed;
  private final Consumer<Volume> diskChanged;
  private final Consumer<Volume> released;
  private DiskState disk = DiskState.DISKLESS;
  private Optional<AttachOptions> options = Optional.empty();
  private Optional<AttachedDisk> attached = Optional.empty();
  private Optional<CompletionStage<Void>> leaving = Optional.empty();
  private CompletableFuture<Void> resizing = CompletableFuture.completedFuture(null);
  private BooleanSupplier peerWritesInFlight = () -> false;
  private boolean client;
  private boolean quorum = true;
  private boolean replicated;
  private boolean demotedByForce;
  private int writers;
  private int readers;

  /**
   * @param failed is told of every request that the disk could not carry out
   * @param diskChanged is told when the disk's state changes for a reason of its own
   * @param released is told when the disk is to leave, as the rules among peers have it
   */
  Volume(
      Resource resource,
      int number,
      int minor,
      boolean client,
      Loop loop,
      BiConsumer<Volume, FailedRequest> failed,
      Consumer<Volume> diskChanged,
      Consumer<Volume> released) {
    this.failed = failed;
    this.diskChanged = diskChanged;
    this.released = released;
    this.resource = resource;
    this.number = number;
    this.minor = minor;
    this.client = client;
    this.front =
        new VolumeDisk(
            resource.name() + "/" + number,
            loop,
            (op, error) -> requestFailedBelow(new FailedRequest(op, error)));
  }

  /**
   * What fails with peers says nothing about the own disk: it may be that nobody had current data.
   * Replication tells what the disk itself could not carry out by {@link #requestFailed}.
   */
  private void requestFailedBelow(FailedRequest request) {
    if (!replicated) {
      failed.accept(this, request);
    }
  }

  /** A request that the disk could not carry out. */
  record FailedRequest(DiskRequest.Op op, DiskException error) {}

  /** The resource that it belongs to. */
  public Resource resource() {
    return resource;
  }

  /** Its number in the resource, 0 to 65534. */
  public int number() {
    return number;
  }

  /** Its number in the host, 0 to 1048575. */
  public int minor() {
    return minor;
  }

  /** How people call it: {@code r0/0}. */
  public String name() {
    return resource.name() + "/" + number;
  }

  /** The state of the own disk. */
  public DiskState diskState() {
    return disk;
  }

  /** How its disk was attached, while it is. */
  public Optional<AttachOptions> attached() {
    return options;
  }

  /** What applications read from and write to, whether or not a disk is attached just now. */
  public BlockDisk disk() {
    return front;
  }

  /** The metadata of its disk; empty without a disk, and for a disk without metadata. */
  public Optional<VolumeMetadata> metadata() {
    return attached.flatMap(AttachedDisk::metadata);
  }

  /** Whether it is diskless by intention. */
  public boolean client() {
    return client;
  }

  /** Enough nodes can be reached for it from now on, or no longer. */
  public void setQuorum(boolean now) {
    quorum = now;
    resource.changed();
  }

  /** The facts that the rules of {@code state} look at. */
  public VolumeFacts facts() {
    return new VolumeFacts(number, disk, writers, readers);
  }

  /** Whether anybody has it open. */
  public boolean open() {
    return writers + readers > 0;
  }

  /**
   * Lets the metadata ask whether a write that came from a peer is not on disk yet: as long as one
   * is, the mark of a Primary stays.
   */
  public void peerWritesInFlight(BooleanSupplier whether) {
    peerWritesInFlight = whether;
  }

  boolean peerWritesInFlight() {
    return peerWritesInFlight.getAsBoolean();
  }

  private Stream<PeerDevice> peerDevices() {
    return resource.connections().stream()
        .flatMap(connection -> connection.peerDevice(number).stream());
  }

  /** Node ids of the configured peers that get a bitmap slot when a disk is attached. */
  List<Integer> peersWithBitmap() {
    return peerDevices()
        .filter(device -> device.options().bitmap())
        .map(device -> device.connection().peerNodeId())
        .toList();
  }

  /**
   * Changes the disk's state between Negotiating and UpToDate, and writes the flags that follow.
   * Applications are served while it is UpToDate.
   *
   * @param done is told when the flags are on disk; at once for a disk without metadata
   */
  public void setDiskState(DiskState next, Completion done) {
    DiskState before = disk;
    disk = next;
    serveIfUpToDate();
    metadata()
        .ifPresentOrElse(
            metadata -> metadata.stateChanged(before, done), () -> done.ended(Optional.empty()));
    resource.changed();
  }

  /**
   * Lets requests go another way than to the own disk alone: replication puts its disk here, and
   * takes {@link VolumeMetadata#backing} for what is local.
   */
  public void serveBy(BlockDisk disk) {
    replicated = true;
    front.replace(disk);
    front.nothingBeforeNextChange();
    serveIfUpToDate();
  }

  /**
   * Calls back from now on, instead of another, whenever {@link #disk} has got another size, so
   * that those who show it to others can follow.
   */
  public void whenResized(Runnable then) {
    front.whenResized(then);
  }

  /** What {@link #disk} sends its requests to may have another size now. */
  public void lookAtSize() {
    front.lookAtSize();
  }

  /** How its disk becomes larger. */
  public DiskSizing sizing() {
    return new DiskSizing(this);
  }

  /** The size is being changed until this completes; its disk stays meanwhile. */
  void resizing(CompletableFuture<Void> end) {
    resizing = end;
  }

  /** Completes when the size is not being changed; at once if it is not now. */
  CompletionStage<Void> resizing() {
    return resizing;
  }

  /** Whether the size is being changed. */
  boolean isResizing() {
    return !resizing.isDone();
  }

  /**
   * The configured size becomes another one.
   *
   * @param sectors 0 for all there is
   */
  public void configureSize(long sectors) {
    options = options.map(how -> how.withSize(sectors));
  }

  /** The options of the disk become others, as far as they take effect while it is attached. */
  void configure(DiskConfig config) {
    options = options.map(how -> how.with(config));
    resource.changed();
  }

  /** Replication tells of a request that the own disk could not carry out. */
  public void requestFailed(DiskRequest.Op op, DiskException error) {
    failed.accept(this, new FailedRequest(op, error));
  }

  VolumeView view() {
    return new VolumeView(
        number, minor, disk, client, options.map(BackingView::of), open(), quorum, statistics());
  }

  private VolumeStatistics statistics() {
    VolumeStatistics transfers = front.statistics();
    return metadata()
        .map(VolumeMetadata::backing)
        .map(
            (BackingDisk backing) ->
                transfers.withMetadata(
                    backing.activityLog().transactions(),
                    backing.bitmapWrites(),
                    backing.pending()))
        .orElse(transfers);
  }

  void attaching(AttachOptions how) {
    disk = DiskState.ATTACHING;
    client = false;
    options = Optional.of(how);
  }

  /** A disk was opened; what it counts for is decided next. */
  void hasDisk(AttachedDisk opened) {
    attached = Optional.of(opened);
    peerDevices().forEach(PeerDevice::recall);
    if (replicated) {
      front.countAnew();
    } else {
      front.use(opened.front());
    }
    serveIfUpToDate();
  }

  /** The disk is in another state, for a reason of its own. */
  void diskBecame(DiskState state) {
    disk = state;
    serveIfUpToDate();
    diskChanged.accept(this);
  }

  /** The rules have it that the disk leaves: it is closed when nothing uses it any more. */
  public void releaseDisk() {
    released.accept(this);
  }

  /** The disk while it is leaving: completes when it has left. */
  Optional<CompletionStage<Void>> leaving() {
    return leaving;
  }

  void leaving(CompletionStage<Void> end) {
    leaving = Optional.of(end);
  }

  /** No new request of this node reaches the disk; the caller closes it. */
  Optional<AttachedDisk> leaveDisk(DiskState on) {
    if (!replicated) {
      front.useNothing();
    }
    disk = on;
    diskChanged.accept(this);
    return attached;
  }

  /** Whether requests go by way of replication, which knows other copies. */
  boolean isReplicated() {
    return replicated;
  }

  void diskless() {
    disk = DiskState.DISKLESS;
    options = Optional.empty();
    attached = Optional.empty();
    leaving = Optional.empty();
    diskChanged.accept(this);
  }

  /** It is diskless by intention, or not. */
  void setClient(boolean intentional) {
    client = intentional;
  }

  VolumeDisk front() {
    return front;
  }

  /** The options of the disk; the defaults without one. */
  public DiskConfig config() {
    return options.map(AttachOptions::config).orElse(DiskConfig.defaults());
  }

  void opened(boolean forWriting) {
    if (forWriting) {
      writers++;
    } else {
      readers++;
    }
  }

  void closed(boolean forWriting) {
    if (forWriting) {
      writers--;
    } else {
      readers--;
    }
    if (writers < 0 || readers < 0) {
      throw new IllegalStateException(name() + " was closed more often than opened");
    }
  }

  void setFailing(boolean failing) {
    demotedByForce = failing;
    serveIfUpToDate();
  }

  private void serveIfUpToDate() {
    boolean dataBelow = attached.isPresent() && disk != DiskState.UP_TO_DATE && !replicated;
    front.refuse(
        demotedByForce ? "demoted by force" : dataBelow ? "its disk is " + disk.word() : "");
  }

  /** For changes whose end nobody waits for; a failure is told to those who watch the metadata. */
  static Completion nobodyWaits() {
    return NOBODY_WAITS;
  }
}
