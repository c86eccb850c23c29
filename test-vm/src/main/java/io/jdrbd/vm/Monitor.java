package io.jdrbd.vm;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** QEMU's monitor, to which commands about the virtual machine itself are given, one at a time. */
final class Monitor implements AutoCloseable {
  private static final String PROMPT = "(qemu) ";

  private final SocketChannel socket;

  private Monitor(SocketChannel socket) {
    this.socket = socket;
  }

  static Monitor open(Path path) throws IOException {
    Monitor monitor = new Monitor(SocketChannel.open(UnixDomainSocketAddress.of(path)));
    monitor.readToPrompt();
    return monitor;
  }

  /** Carries a command out. Whether it worked, its effect must tell. */
  void command(String line) throws IOException {
    socket.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
    readToPrompt();
  }

  private void readToPrompt() throws IOException {
    StringBuilder text = new StringBuilder();
    ByteBuffer bytes = ByteBuffer.allocate(1024);
    while (!text.toString().endsWith(PROMPT)) {
      if (socket.read(bytes.clear()) < 0) {
        throw new IOException("QEMU hung up after: " + text);
      }
      text.append(StandardCharsets.ISO_8859_1.decode(bytes.flip()));
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
