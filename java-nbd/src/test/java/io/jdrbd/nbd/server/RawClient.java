package io.jdrbd.nbd.server;

import io.jdrbd.nbd.protocol.NbdCommand;
import io.jdrbd.nbd.protocol.NbdMagic;
import io.jdrbd.nbd.protocol.NbdOption;
import io.jdrbd.nbd.protocol.OptionReply;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A client that sends what it is told to, right or wrong, over a blocking socket. Tests bound its
 * waiting by their own timeout.
 */
final class RawClient implements AutoCloseable {
  static final int FIXED_NO_ZEROES = 3;

  private final SocketChannel channel;
  private final DataInputStream in;
  private final DataOutputStream out;

  private RawClient(SocketChannel channel) {
    this.channel = channel;
    this.in = new DataInputStream(Channels.newInputStream(channel));
    this.out = new DataOutputStream(Channels.newOutputStream(channel));
  }

  /** Connects and reads nothing. */
  static RawClient connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return new RawClient(channel);
  }

  /** A client on a socket that is connected already. */
  static RawClient of(SocketChannel channel) {
    return new RawClient(channel);
  }

  /** Connects and exchanges greetings. */
  static RawClient greeted(Path socket) throws IOException {
    RawClient client = connect(socket);
    client.readGreeting();
    client.sendInt(FIXED_NO_ZEROES);
    return client;
  }

  /** Connects and enters the transmission phase, with these options first. */
  static RawClient inTransmission(Path socket, String export, NbdOption... options)
      throws IOException {
    RawClient client = greeted(socket);
    for (NbdOption option : options) {
      if (option == NbdOption.SET_META_CONTEXT) {
        client.option(option.number(), metaContexts(export, "base:allocation"));
        client.readReply();
      } else {
        client.option(option.number(), new byte[0]);
      }
      client.readReply();
    }
    client.option(NbdOption.GO.number(), infoQuery(export));
    List<Reply> replies = client.readReplies();
    if (replies.getLast().type() != OptionReply.ACK.number()) {
      throw new IOException("GO was refused: " + replies.getLast());
    }
    return client;
  }

  /** One answer to an option. */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  record Reply(int option, int type, byte[] data) {
    String text() {
      return new String(data, StandardCharsets.UTF_8);
    }

    OptionReply kind() {
      return OptionReply.of(type).orElseThrow();
    }

    @Override
    public String toString() {
      return "%d %s %s".formatted(option, OptionReply.of(type), text());
    }
  }

  /** A chunk of a structured or extended reply. */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  record Chunk(boolean done, int type, long cookie, byte[] payload) {}

  /** A simple reply's header. */
  record Simple(int error, long cookie) {}

  void readGreeting() throws IOException {
    if (in.readLong() != NbdMagic.GREETING || in.readLong() != NbdMagic.OPTION) {
      throw new IOException("not a newstyle server");
    }
    in.readUnsignedShort();
  }

  void option(int number, byte[] data) throws IOException {
    optionHeader(number, data.length);
    send(data);
  }

  void optionHeader(int number, int lengthBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream message = new DataOutputStream(bytes);
    message.writeLong(NbdMagic.OPTION);
    message.writeInt(number);
    message.writeInt(lengthBytes);
    send(bytes.toByteArray());
  }

  Reply readReply() throws IOException {
    if (in.readLong() != NbdMagic.OPTION_REPLY) {
      throw new IOException("not an option reply");
    }
    int option = in.readInt();
    int type = in.readInt();
    return new Reply(option, type, in.readNBytes(in.readInt()));
  }

  /** All answers to one option, up to the acknowledgement or error. */
  List<Reply> readReplies() throws IOException {
    List<Reply> replies = new ArrayList<>();
    do {
      replies.add(readReply());
    } while (replies.getLast().kind() != OptionReply.ACK && !replies.getLast().kind().isError());
    return replies;
  }

  void request(NbdCommand command, int flags, long cookie, long offset, int length)
      throws IOException {
    request(NbdMagic.COMPACT_REQUEST, flags, command.number(), cookie, offset, length);
  }

  void request(int magic, int flags, int type, long cookie, long offset, int length)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream message = new DataOutputStream(bytes);
    message.writeInt(magic);
    message.writeShort(flags);
    message.writeShort(type);
    message.writeLong(cookie);
    message.writeLong(offset);
    message.writeInt(length);
    send(bytes.toByteArray());
  }

  void extendedRequest(NbdCommand command, int flags, long cookie, long offset, long length)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream message = new DataOutputStream(bytes);
    message.writeInt(NbdMagic.EXTENDED_REQUEST);
    message.writeShort(flags);
    message.writeShort(command.number());
    message.writeLong(cookie);
    message.writeLong(offset);
    message.writeLong(length);
    send(bytes.toByteArray());
  }

  Simple readSimple() throws IOException {
    int magic = in.readInt();
    if (magic != NbdMagic.SIMPLE_REPLY) {
      throw new IOException("not a simple reply: 0x%08x".formatted(magic));
    }
    return new Simple(in.readInt(), in.readLong());
  }

  Chunk readChunk() throws IOException {
    int magic = in.readInt();
    boolean done = in.readUnsignedShort() == 1;
    int type = in.readUnsignedShort();
    long cookie = in.readLong();
    if (magic == NbdMagic.EXTENDED_REPLY) {
      in.readLong();
      return new Chunk(done, type, cookie, in.readNBytes((int) in.readLong()));
    }
    if (magic != NbdMagic.STRUCTURED_REPLY) {
      throw new IOException("not a chunk: 0x%08x".formatted(magic));
    }
    return new Chunk(done, type, cookie, in.readNBytes(in.readInt()));
  }

  byte[] read(int bytes) throws IOException {
    return in.readNBytes(bytes);
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  void sendInt(int value) throws IOException {
    out.writeInt(value);
  }

  void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Sends all of these and nothing more; answers what the server sent until it hung up. */
  byte[] answersTo(byte[] bytes) throws IOException {
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    try {
      send(bytes);
      shutdownOutput();
    } catch (IOException e) {
      answers.reset(); // Hung up on before all was sent: what was answered is still to be read.
    }
    byte[] buffer = new byte[64 << 10];
    try {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        answers.write(buffer, 0, read);
      }
    } catch (IOException e) {
      if (!isReset(e)) {
        throw e;
      }
      return new byte[0];
    }
    return answers.toByteArray();
  }

  private static boolean isReset(IOException e) {
    return String.valueOf(e.getMessage()).contains("reset");
  }

  /** Whether the server has hung up, after what it sent before. */
  boolean isHungUp() throws IOException {
    try {
      while (in.read() >= 0) {
        // What was sent before the end is of no interest here.
      }
      return true;
    } catch (IOException e) {
      if (isReset(e)) {
        return true;
      }
      throw e;
    }
  }

  static byte[] infoQuery(String export) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    writeString(data, export);
    data.writeShort(0);
    return bytes.toByteArray();
  }

  static byte[] metaContexts(String export, String... queries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    writeString(data, export);
    data.writeInt(queries.length);
    for (String query : queries) {
      writeString(data, query);
    }
    return bytes.toByteArray();
  }

  private static void writeString(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
