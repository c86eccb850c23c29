package io.jdrbd.vm;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An Ethernet segment between guests: QEMU connects by a Unix socket and sends each frame after its
 * length (4 bytes, big endian); every frame goes to all the others. It needs no privileges and
 * touches no network of the host.
 */
public final class GuestNetwork implements AutoCloseable {

  private static final Logger LOG = System.getLogger(GuestNetwork.class.getName());
  private static final int FRAME_BYTES_MAX = 128 * 1024;

  private final Path directory;
  private final ServerSocketChannel listener;
  private final List<SocketChannel> ports = new CopyOnWriteArrayList<>();
  private volatile boolean connected = true;

  private GuestNetwork(Path directory, ServerSocketChannel listener) {
    this.directory = directory;
    this.listener = listener;
  }

  /** Makes a network that no guest is connected to yet. */
  public static GuestNetwork create() {
    try {
      Path directory = Files.createTempDirectory("jdrbd-net-");
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(directory.resolve("switch")));
      GuestNetwork network = new GuestNetwork(directory, listener);
      Thread.ofPlatform().daemon().name("guest-network").start(network::accept);
      return network;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a network for guests", e);
    }
  }

  /** Drops every frame from now on: the cable is cut. */
  public void cut() {
    connected = false;
  }

  /** Passes frames again after {@link #cut()}. */
  public void mend() {
    connected = true;
  }

  Path socket() {
    return directory.resolve("switch");
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel port = listener.accept();
        ports.add(port);
        Thread.ofPlatform().daemon().name("guest-network-port").start(() -> pump(port));
      }
    } catch (AsynchronousCloseException e) {
      LOG.log(Level.DEBUG, "guest network closed", e);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "guest network accepts no more guests", e);
    }
  }

  private void pump(SocketChannel port) {
    try (DataInputStream in = new DataInputStream(Channels.newInputStream(port))) {
      while (true) {
        int lengthBytes = in.readInt();
        if (lengthBytes < 0 || lengthBytes > FRAME_BYTES_MAX) {
          throw new IOException("frame of " + lengthBytes + " bytes");
        }
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + lengthBytes).putInt(lengthBytes);
        in.readFully(frame.array(), Integer.BYTES, lengthBytes);
        frame.rewind();
        if (connected) {
          broadcast(port, frame);
        }
      }
    } catch (EOFException | AsynchronousCloseException e) {
      LOG.log(Level.DEBUG, "a guest left the network", e);
    } catch (IOException e) {
      LOG.log(Level.INFO, "a guest was lost from the network", e);
    } finally {
      ports.remove(port);
    }
  }

  private void broadcast(SocketChannel from, ByteBuffer frame) throws IOException {
    for (SocketChannel port : ports) {
      if (!port.equals(from)) {
        deliver(port, frame.duplicate());
      }
    }
  }

  /** A guest that is gone loses the frame; its own pump takes it off the network. */
  private static void deliver(SocketChannel port, ByteBuffer frame) throws IOException {
    synchronized (port) {
      try {
        while (frame.hasRemaining()) {
          port.write(frame);
        }
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "frame for a guest that is gone", e);
        port.close();
      }
    }
  }

  /** Takes the network away from the guests that are still connected. */
  @Override
  public void close() {
    try {
      listener.close();
      for (SocketChannel port : ports) {
        port.close();
      }
      Files.deleteIfExists(socket());
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clean up " + directory, e);
    }
  }
}
