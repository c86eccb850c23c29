package io.jdrbd.vm;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The host's end of the virtio-serial port of a guest's agent ({@code src/guest/agent.c} describes
 * the frames). A thread of its own reads and hands every frame to the process that it belongs to.
 */
final class AgentChannel implements AutoCloseable {

  private static final int HEAD_BYTES = 9;

  private final SocketChannel socket;
  private final Map<Integer, GuestProcess> processes = new ConcurrentHashMap<>();
  private final AtomicInteger nextId = new AtomicInteger();
  private final CountDownLatch helloOrLost = new CountDownLatch(1);
  private volatile Optional<IOException> lost = Optional.empty();

  AgentChannel(SocketChannel socket, String guestName) {
    this.socket = socket;
    Thread.ofPlatform().daemon().name("agent-of-" + guestName).start(this::readFrames);
  }

  /** Opened when the guest is ready for commands, or when the channel is lost. */
  CountDownLatch helloOrLost() {
    return helloOrLost;
  }

  boolean isLost() {
    return lost.isPresent();
  }

  GuestProcess run(Guest guest, String script, byte[] stdin) {
    int id = nextId.incrementAndGet();
    GuestProcess process = new GuestProcess(guest, this, id, script);
    processes.put(id, process);
    byte[] scriptBytes = script.getBytes(StandardCharsets.UTF_8);
    ByteBuffer payload = ByteBuffer.allocate(Integer.BYTES + scriptBytes.length + stdin.length);
    payload.putInt(scriptBytes.length).put(scriptBytes).put(stdin).flip();
    send('R', id, payload);
    lost.ifPresent(process::onLost);
    return process;
  }

  void kill(int id, int signalNumber) {
    send('K', id, ByteBuffer.wrap(new byte[] {(byte) signalNumber}));
  }

  private synchronized void send(char type, int id, ByteBuffer payload) {
    ByteBuffer frame = ByteBuffer.allocate(HEAD_BYTES + payload.remaining());
    frame.put((byte) type).putInt(id).putInt(payload.remaining()).put(payload).flip();
    try {
      while (frame.hasRemaining()) {
        socket.write(frame);
      }
    } catch (IOException e) {
      lose(e);
    }
  }

  private void readFrames() {
    try (DataInputStream in = new DataInputStream(Channels.newInputStream(socket))) {
      while (true) {
        byte type = in.readByte();
        int id = in.readInt();
        byte[] payload = new byte[in.readInt()];
        in.readFully(payload);
        handle(type, id, payload);
      }
    } catch (EOFException e) {
      lose(new IOException("the guest has ended", e));
    } catch (IOException e) {
      lose(e);
    }
  }

  private void handle(byte type, int id, byte[] payload) throws IOException {
    if (type == 'H') {
      helloOrLost.countDown();
      return;
    }
    Optional<GuestProcess> process = Optional.ofNullable(processes.get(id));
    switch (type) {
      case 'O' -> process.ifPresent(p -> p.onStdout(payload));
      case 'E' -> process.ifPresent(p -> p.onStderr(payload));
      case 'X' -> {
        processes.remove(id);
        process.ifPresent(p -> p.onExit(ByteBuffer.wrap(payload).getInt()));
      }
      default -> throw new IOException("unknown frame type " + type + " from the agent");
    }
  }

  private void lose(IOException cause) {
    lost = Optional.of(cause);
    helloOrLost.countDown();
    processes.values().forEach(process -> process.onLost(cause));
  }

  /** Closes the port; the agent then powers the guest off. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
