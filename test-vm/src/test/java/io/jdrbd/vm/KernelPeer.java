package io.jdrbd.vm;

import java.time.Duration;

/** The kernel's DRBD 8.4 in a guest: resource r0, minor 0, on the guest's disk {@code data}. */
final class KernelPeer {
  static final String ADDRESS = "10.77.0.1:7789";
  static final String DEVICE = "/dev/drbd0";

  private static final String SETUP = "/lib/drbd/drbdsetup-84 ";
  private static final String RATE = " --c-plan-ahead=0 --resync-rate=102400";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String MARK = "jdrbd-test: ";

  /** For drbdadm, which the kernel calls before and after a resync. */
  private static final String CONFIGURATION =
      """
      resource r0 {
        on kernel { address %s; volume 0 { device minor 0; disk /dev/disk/data; meta-disk internal; } }
        on other { address %s; volume 0 { device minor 0; disk /dev/disk/data; meta-disk internal; } }
      }
      """
          .formatted(ADDRESS, HostPeer.ADDRESS);

  private final Guest guest;

  KernelPeer(Guest guest) {
    this.guest = guest;
  }

  /**
   * Begins a scenario: an empty disk with fresh metadata, the device attached, and a mark in the
   * kernel's log.
   */
  void create(String scenario) {
    guest.run("echo '<5>%s%s' > /dev/kmsg".formatted(MARK, scenario));
    guest.run(
        "dd if=/dev/zero of=/dev/disk/data bs=16k count=1032 oflag=direct 2>/tmp/dd;"
            + " drbdmeta --force 0 v08 /dev/disk/data internal create-md --force >/tmp/md 2>&1",
        PATIENCE);
    configure();
  }

  /** Makes the resource, whose device gets its disk as it is. */
  void configure() {
    guest.put("/etc/drbd.d/r0.res", CONFIGURATION);
    guest.run(SETUP + "new-resource r0 && " + SETUP + "new-minor r0 0 0", PATIENCE);
    attach();
    guest.run("test -b %s || mknod -m 600 %<s b 147 0".formatted(DEVICE));
  }

  /** As drbdadm does it: what the activity log covers is marked first. */
  void attach() {
    guest.run("drbdmeta --force 0 v08 /dev/disk/data internal apply-al >/tmp/md 2>&1", PATIENCE);
    setup("attach 0 /dev/disk/data /dev/disk/data internal" + RATE);
  }

  /** Begins to connect, with these options, such as {@code --protocol=C}. */
  void connect(String options) {
    setup(
        "connect r0 ipv4:%s ipv4:%s --ping-timeout=20 %s"
            .formatted(ADDRESS, HostPeer.ADDRESS, options));
  }

  void disconnect() {
    setup("disconnect ipv4:%s ipv4:%s".formatted(ADDRESS, HostPeer.ADDRESS));
  }

  /**
   * Waits until a connection was refused. Where the peer closed the control stream before this node
   * had read why, it goes on trying (spec 3.7.4); then it is told to stop.
   */
  void awaitRefusal() {
    await("cs:(StandAlone|WFConnection)");
    guest.attempt(SETUP + "disconnect ipv4:%s ipv4:%s".formatted(ADDRESS, HostPeer.ADDRESS));
    await("cs:StandAlone");
  }

  /** Runs drbdsetup, which must succeed. */
  void setup(String words) {
    guest.run(SETUP + words, PATIENCE);
  }

  /** Runs drbdsetup, which may fail. */
  CommandResult attempt(String words) {
    return guest.attempt(SETUP + words);
  }

  /** Writes zeroes, in units of 64 KiB. */
  void write(int place, int count) {
    run(
        "dd if=/dev/zero of=%s bs=64k seek=%d count=%d oflag=direct"
            .formatted(DEVICE, place, count));
  }

  /** Runs a script in the guest, which must succeed. */
  String run(String script) {
    return guest.run(script, PATIENCE).stdout();
  }

  /** What {@code /proc/drbd} says, such as {@code cs:Connected ro:Secondary/Primary ...}. */
  String state() {
    return guest.get("/proc/drbd").replaceAll("(?s).*\n 0: ", "").trim();
  }

  /** Waits until {@code /proc/drbd} has this, a regular expression within one line. */
  void await(String words) {
    try {
      guest.await("grep -Eq '%s' /proc/drbd".formatted(words), PATIENCE);
    } catch (GuestException e) {
      throw new GuestException("waited for '%s' but it is %s".formatted(words, state()), e);
    }
  }

  /** What the kernel has logged since the scenario began, or since it was booted again. */
  String log() {
    String log = guest.kernelLog();
    return log.substring(Math.max(0, log.lastIndexOf(MARK)));
  }

  /** Ends the scenario, whatever state it left. */
  void destroy() {
    guest.attempt("umount %s; %sdown r0; %<sdel-resource r0".formatted("/mnt", SETUP));
  }
}
