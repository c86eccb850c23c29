package io.jdrbd.vm;

import java.time.Duration;

/**
 * A jdrbd daemon that runs inside a guest, with one volume: r0/0, minor 0, on {@code /dev/nbd0}.
 */
final class GuestNode {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(4);
  private static final Duration SHORT_WHILE = Duration.ofSeconds(60);

  private static final String DAEMON = "exec jdrbd daemon --memory 16 >>/tmp/daemon.log 2>&1";

  /** The kernel's 120 s are less than a daemon needs to start on a busy machine, emulated. */
  private static final long HUNG_AFTER_S = START_TIMEOUT.plusMinutes(1).toSeconds();

  /** What the daemon finds configured: a command for each would start a JVM for each. */
  private static final String STATE =
      """
      {"version":1,"resources":[{"name":"r0","node-id":%d,"options":{},"primary":false,"volumes":[
        {"volume":0,"minor":0,"client":false,"device":"/dev/nbd0","attach":{"disk":"/dev/disk/data",
         "engine":"auto","filters":[],"options":{},"no-metadata":false,"meta-disk":"/dev/disk/data",
         "meta-index":"internal"}}],"peers":[%s]}]}
      """;

  private final Guest guest;

  private GuestNode(Guest guest) {
    this.guest = guest;
  }

  /** Starts the daemon and makes the guest's disk {@code data}, which is UpToDate, its volume. */
  static GuestNode create(Guest guest) {
    GuestNode node = new GuestNode(guest);
    node.begin(STATE.formatted(0, ""));
    node.awaitServing();
    return node;
  }

  /**
   * Starts the daemon and makes the guest's disk {@code data}, which has metadata of its own, its
   * volume; and begins to connect with protocol C.
   *
   * @param id 0 or 1; the peer has the other
   * @param address and {@code peerAddress}: {@code IP:PORT}
   */
  static GuestNode replicate(Guest guest, int id, String address, String peerAddress) {
    GuestNode node = new GuestNode(guest);
    String peer =
        """
        {"node-id":%d,"options":{"_name":"peer"},"connected":true,"devices":[],
         "paths":[{"local":"ipv4:%s","peer":"ipv4:%s"}]}
        """
            .formatted(1 - id, address, peerAddress);
    node.begin(STATE.formatted(id, peer));
    return node;
  }

  private void begin(String state) {
    guest.put("/tmp/daemon", DAEMON);
    guest.put("/run/jdrbd/state.json", state);
    guest.run("echo %d > /proc/sys/kernel/hung_task_timeout_secs".formatted(HUNG_AFTER_S));
    launch();
    try {
      guest.await("test -S /run/jdrbd/control.sock", START_TIMEOUT);
    } catch (GuestException e) {
      throw new GuestException("the daemon does not get ready; its log:\n" + log(), e);
    }
  }

  /** Gives the volume its disk, and so its device. */
  void attach() {
    guest.run("jdrbd attach 0 /dev/disk/data /dev/disk/data internal", START_TIMEOUT);
    awaitServing();
  }

  /**
   * Starts the daemon, which restores what was configured, and waits until the device is served.
   */
  void start() {
    launch();
    awaitServing();
  }

  /** The daemon is gone from one moment to the next. */
  void kill() {
    guest.run("kill -9 $(cat /tmp/daemon.pid)");
    awaitEnd();
  }

  /** The daemon ends as it is meant to. */
  void stop() {
    guest.run("kill -TERM $(cat /tmp/daemon.pid)");
    awaitEnd();
  }

  /** What the daemon has written to its log since the guest was booted. */
  String log() {
    return guest.get("/tmp/daemon.log");
  }

  private void launch() {
    guest.run("sh /tmp/daemon & echo $! > /tmp/daemon.pid");
  }

  /** A read that the page cache cannot answer is answered. */
  private void awaitServing() {
    guest.await("test -b /dev/drbd/by-res/r0/0", START_TIMEOUT);
    guest.run(
        "dd if=/dev/drbd/by-res/r0/0 of=/dev/null bs=4096 count=1 iflag=direct", START_TIMEOUT);
  }

  private void awaitEnd() {
    guest.await("! kill -0 $(cat /tmp/daemon.pid)", SHORT_WHILE);
  }
}
