package io.jdrbd.wire.capture;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The records of a packed capture; the script {@code pack-captures} says what they mean. */
final class TcpRecords {
  private static final String MAGIC = "DRBDCAP1";

  private TcpRecords() {}

  /** Something that happened on a TCP connection. */
  sealed interface TcpRecord {
    /** Number of the TCP connection in its capture. */
    int connection();
  }

  /** A node, known by the last part of its address, dialled another. */
  record Opened(long timeUs, int connection, int dialler, int acceptor) implements TcpRecord {}

  /** Bytes came by; {@code omitted} of them are not here. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Bytes(long timeUs, int connection, boolean fromDialler, byte[] bytes, int omitted)
      implements TcpRecord {}

  /** One direction ended, by FIN or RST. */
  record Ended(long timeUs, int connection, boolean fromDialler, boolean reset)
      implements TcpRecord {}

  static List<TcpRecord> read(InputStream packed) throws IOException {
    try (DataInputStream in = new DataInputStream(new GZIPInputStream(packed, 1 << 16))) {
      String magic = new String(in.readNBytes(MAGIC.length()), StandardCharsets.US_ASCII);
      if (!magic.equals(MAGIC)) {
        throw new IOException("capture begins with " + magic + ", must be " + MAGIC);
      }
      List<TcpRecord> records = new ArrayList<>();
      for (int kind = in.read(); kind >= 0; kind = in.read()) {
        records.add(record(kind, in));
      }
      return records;
    }
  }

  private static TcpRecord record(int kind, DataInputStream in) throws IOException {
    long timeUs = in.readInt();
    int connection = in.readUnsignedShort();
    return switch (kind) {
      case 'O' -> new Opened(timeUs, connection, node(in), node(in));
      case 'D' -> {
        boolean fromDialler = in.readByte() == 0;
        yield new Bytes(timeUs, connection, fromDialler, bytes(in), 0);
      }
      case 'Z' -> {
        boolean fromDialler = in.readByte() == 0;
        yield new Bytes(timeUs, connection, fromDialler, new byte[0], in.readInt());
      }
      case 'F', 'R' -> new Ended(timeUs, connection, in.readByte() == 0, kind == 'R');
      default -> throw new IOException("record of kind " + kind);
    };
  }

  /** 10.77.0.1 is node 0. */
  private static int node(DataInputStream in) throws IOException {
    int address = in.readInt();
    in.readUnsignedShort();
    return (address & 0xff) - 1;
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("capture ends within a record");
    }
    return bytes;
  }
}
