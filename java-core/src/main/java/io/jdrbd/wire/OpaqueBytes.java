package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** A few bytes that packets carry as they are: challenges, responses, digests. Immutable. */
public final class OpaqueBytes {
  /** No bytes. */
  public static final OpaqueBytes NONE = new OpaqueBytes(new byte[0]);

  private final byte[] bytes;

  private OpaqueBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of the bytes. */
  public static OpaqueBytes of(byte... bytes) {
    return bytes.length == 0 ? NONE : new OpaqueBytes(bytes.clone());
  }

  /** Takes bytes from the reader index on. */
  static OpaqueBytes read(ByteBuf in, int length) {
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return new OpaqueBytes(bytes);
  }

  void write(ByteBuf out) {
    out.writeBytes(bytes);
  }

  /** How many. */
  public int length() {
    return bytes.length;
  }

  /** A copy of them. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** Compares in a time that does not depend on where they differ. */
  @Override
  public boolean equals(Object other) {
    return other instanceof OpaqueBytes that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
