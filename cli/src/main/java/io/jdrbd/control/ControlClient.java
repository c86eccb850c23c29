package io.jdrbd.control;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A command's connection to the daemon. Blocking, on the JDK's own socket: a command lives for one
 * request, and to start an event loop for it takes longer than all the rest (docs/development.md
 * has the figures). Reading and writing may happen on two threads.
 */
public final class ControlClient implements AutoCloseable {
  private final SocketChannel channel;
  private final ByteBuffer received = ByteBuffer.allocate(16 * 1024).flip();
  private long lastId;

  private ControlClient(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Connects.
   *
   * @throws IOException if nobody listens there
   */
  public static ControlClient connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return new ControlClient(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Sends a request and awaits its reply. */
  public Reply call(String command, Json.Obj arguments) throws IOException {
    long id = send(command, arguments);
    Json.Obj reply = receive();
    if (reply.number("id") != id) {
      throw new JsonException("reply to another request");
    }
    return Reply.fromJson(reply);
  }

  /**
   * Sends a request.
   *
   * @return its id
   */
  public long send(String command, Json.Obj arguments) throws IOException {
    long id = ++lastId;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.write(new Request(id, command, arguments).toLine());
    line.write('\n');
    ByteBuffer bytes = ByteBuffer.wrap(line.toByteArray());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    return id;
  }

  /**
   * Awaits the next message.
   *
   * @throws EOFException if the daemon has gone
   */
  public Json.Obj receive() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      while (received.hasRemaining()) {
        byte next = received.get();
        if (next == '\n') {
          return JsonText.parse(line.toByteArray());
        }
        line.write(next);
      }
      if (line.size() > Limits.MESSAGE_BYTES_MAX) {
        throw new JsonException("message of more than " + Limits.MESSAGE_BYTES_MAX + " bytes");
      }
      received.clear();
      int count = channel.read(received);
      received.flip();
      if (count < 0) {
        throw new EOFException("the daemon hung up");
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
