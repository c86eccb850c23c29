package io.jdrbd.daemon;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.control.ControlServer;
import io.jdrbd.control.Event;
import io.jdrbd.daemon.DaemonOptions.HandlerPolicy;
import io.jdrbd.driver.ClusterDriver;
import io.jdrbd.driver.Handlers;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.metadata.tool.LastKnownSizes;
import io.jdrbd.nbd.server.ClientInfo;
import io.jdrbd.nbd.server.ClientListener;
import io.jdrbd.nbd.server.NbdAddress;
import io.jdrbd.nbd.server.NbdServer;
import io.jdrbd.nbd.server.NbdServerOptions;
import io.jdrbd.nbd.server.TlsPolicy;
import io.jdrbd.resource.DiskSource;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.NodeListener;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.transport.Transports;
import io.jdrbd.transport.tcp.TcpTransportFactory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One node of DRBD as a process: from its start to its orderly end. */
public final class Daemon {
  private static final System.Logger LOG = System.getLogger(Daemon.class.getName());

  /** For one step of start or end; more than the kernel is given for an answer about a device. */
  private static final long STEP_SECONDS_MAX = 60;

  private final DaemonOptions options;
  private final InstanceLock lock;
  private final StateFile stateFile;
  private final EpollLoop loop = new EpollLoop("jdrbd");
  private final ReadyNotice notice;
  private final ControlServer control;
  private final NbdServer nbd;
  private final Node node;
  private final KernelSupport kernel;
  private final Devices devices;
  private final Offers offers;
  private final Volumes volumes;

  private Daemon(DaemonOptions options, InstanceLock lock) {
    this.options = options;
    this.lock = lock;
    this.stateFile = new StateFile(options.runDir().stateFile());
    this.notice =
        new ReadyNotice(
            loop, Optional.ofNullable(System.getenv("NOTIFY_SOCKET")), options.readyFd());
    BufferPool pool = new BufferPool(options.poolBytes());
    this.nbd = new NbdServer(loop, pool, NbdServerOptions.DEFAULT, new ClientLog());
    DiskSource disks = new BackingDisks(loop, pool);
    this.node =
        new Node(
            loop,
            disks,
            pool,
            new ClusterDriver(
                loop,
                new Transports(List.of(new TcpTransportFactory(loop, new SecureRandom()))),
                () -> new BufferPool(options.poolBytes()),
                handlers(options)),
            new Publisher(),
            InstantSource.system());
    this.kernel = KernelSupport.find(loop, nbd, pool, options.runDir());
    this.devices = new Devices(node, loop, kernel.nbd(), kernel.missing());
    this.offers = new Offers(node, loop, nbd.exports(), devices);
    this.volumes =
        new Volumes(
            loop,
            node,
            offers,
            new FormerSizes(loop, pool, disks, new LastKnownSizes(options.runDir().formerSizes())));
    this.control = new ControlServer(loop, new Administration(node, volumes, this::save));
  }

  private static Handlers handlers(DaemonOptions options) {
    return switch (options.handlers()) {
      case HandlerPolicy.Configured configured ->
          new ProcessHandlers(HandlerProgram.configured(options.runDir()));
      case HandlerPolicy.Program program ->
          new ProcessHandlers(HandlerProgram.always(program.path()));
      case HandlerPolicy.Disabled disabled -> Handlers.NONE;
    };
  }

  /**
   * Starts a daemon: what was configured when the last one ended is there again when this returns.
   * Must not be called on a loop.
   *
   * @throws DaemonException if it cannot run
   */
  public static Daemon start(DaemonOptions options) throws DaemonException {
    options.runDir().create();
    Daemon daemon = new Daemon(options, InstanceLock.take(options.runDir()));
    daemon.begin();
    return daemon;
  }

  private void begin() throws DaemonException {
    LOG.log(System.Logger.Level.INFO, "jdrbd starts in {0}", options.runDir().path().toString());
    SavedState saved = stateFile.load();
    listen();
    await(
        "restoring what was configured", () -> new Restoration(loop, node, volumes).restore(saved));
    await("cleaning up after an earlier daemon", devices::cleanUp);
    try {
      control.listen(options.runDir().controlSocket());
    } catch (IOException e) {
      throw new DaemonException(e.getMessage() + ": " + e.getCause(), e);
    }
    notice.ready();
    LOG.log(System.Logger.Level.INFO, "ready");
  }

  private void listen() throws DaemonException {
    List<NbdAddress> addresses =
        options.listen().isEmpty()
            ? List.of(NbdAddress.Unix.ownerOnly(options.runDir().nbdSocket()))
            : options.listen();
    for (NbdAddress address : addresses) {
      TlsPolicy tls = address instanceof NbdAddress.Tcp ? options.tls() : TlsPolicy.OFF;
      var listener = await("listening on " + address, () -> nbd.listen(address, tls));
      LOG.log(System.Logger.Level.INFO, "NBD clients are served on {0}", listener.address());
      String uri = NbdUri.format(listener.address(), tls);
      loop.execute(() -> offers.reachableAt(uri));
    }
  }

  /** Ends the daemon; what is configured stays saved. Must not be called on the loop. */
  public void stop() {
    LOG.log(System.Logger.Level.INFO, "jdrbd stops");
    notice.stopping();
    try {
      await("leaving the block devices", devices::leave);
      await("ending the NBD server", nbd::close);
      await("leaving the disks", node::close);
    } catch (DaemonException e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage());
    }
    kernel.close();
    stateFile.close();
    loop.close();
    try {
      lock.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "giving the lock back", e);
    }
  }

  /** Says false where that failed, which is logged. */
  private CompletionStage<Boolean> save() {
    return stateFile
        .save(Restoration.snapshot(node, volumes))
        .handleAsync(
            (saved, error) -> {
              if (error != null) {
                LOG.log(System.Logger.Level.ERROR, "the state could not be saved", error);
              }
              return error == null;
            },
            loop);
  }

  /** Runs something on the loop and waits for its end. */
  private <T> T await(String what, Supplier<CompletionStage<T>> work) throws DaemonException {
    try {
      return CompletableFuture.supplyAsync(work, loop)
          .thenCompose(stage -> stage)
          .get(STEP_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause =
          e.getCause() instanceof CompletionException nested && nested.getCause() != null
              ? nested.getCause()
              : e.getCause();
      throw new DaemonException(what + ": " + cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw new DaemonException(what + " takes more than " + STEP_SECONDS_MAX + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DaemonException(what + " was interrupted", e);
    }
  }

  private final class Publisher implements NodeListener {
    private final EventLog log = new EventLog();

    @Override
    public void changed(ResourceView resource) {
      log.changed(resource);
      control.publish(new Event.Changed(resource));
    }

    @Override
    public void gone(String name) {
      log.gone(name);
      control.publish(new Event.Gone(name));
    }
  }

  private static final class ClientLog implements ClientListener {
    @Override
    public void opened(ClientInfo client) {
      LOG.log(
          System.Logger.Level.INFO, "{0}: opened by {1}", client.exportName(), client.address());
    }

    @Override
    public void closed(ClientInfo client, String reason) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: {1} is gone: {2}",
          client.exportName(),
          client.address(),
          reason);
    }
  }
}
