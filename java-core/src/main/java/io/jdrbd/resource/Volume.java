package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.loop.Loop;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.VolumeFacts;
import java.util.Optional;

/** One volume of a resource: a device, its disk, and who has it open. Used on the node's loop. */
public final class Volume {
  private final Resource resource;
  private final int number;
  private final int minor;
  private final VolumeDisk front;
  private DiskState disk = DiskState.DISKLESS;
  private Optional<BackingDisk> backing = Optional.empty();
  private boolean client;
  private int writers;
  private int readers;

  Volume(Resource resource, int number, int minor, boolean client, Loop loop) {
    this.resource = resource;
    this.number = number;
    this.minor = minor;
    this.client = client;
    this.front = new VolumeDisk(resource.name() + "/" + number, loop);
  }

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
    return backing.map(BackingDisk::options);
  }

  /** What applications read from and write to, whether or not a disk is attached just now. */
  public BlockDisk disk() {
    return front;
  }

  /** Whether it is diskless by intention. */
  public boolean client() {
    return client;
  }

  /** The facts that the rules of {@code state} look at. */
  public VolumeFacts facts() {
    return new VolumeFacts(number, disk, writers, readers);
  }

  /** Whether anybody has it open. */
  public boolean open() {
    return writers + readers > 0;
  }

  VolumeView view() {
    return new VolumeView(
        number,
        minor,
        disk,
        client,
        backing.map(attached -> attached.options().disk().path()),
        open(),
        front.statistics());
  }

  void attaching(AttachOptions options) {
    disk = DiskState.ATTACHING;
    client = false;
    backing = Optional.of(new BackingDisk(options, Optional.empty()));
  }

  void attached(AttachOptions options, BlockDisk opened) {
    backing = Optional.of(new BackingDisk(options, Optional.of(opened)));
    front.use(opened);
    disk = DiskState.UP_TO_DATE;
  }

  /** No new request reaches the disk; the caller closes it. */
  Optional<BlockDisk> leaveDisk(DiskState on) {
    disk = on;
    front.useNothing();
    return backing.flatMap(BackingDisk::disk);
  }

  void diskless(boolean intentional) {
    disk = DiskState.DISKLESS;
    backing = Optional.empty();
    client = intentional;
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
    front.setFailing(failing);
  }
}
