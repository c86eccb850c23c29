package io.jdrbd.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A list of netlink attributes: numbered values, which may be lists of attributes themselves. Built
 * by the {@code with...} methods, each of which answers a longer list.
 *
 * @param list in the order in which they are sent
 */
public record Attributes(List<Attribute> list) {
  /** No attributes. */
  public static final Attributes NONE = new Attributes(List.of());

  private static final int HEADER_BYTES = 4;

  /** Set on attributes that hold attributes, and by some senders on byte order; not the number. */
  private static final int TYPE_FLAGS = 0xC000;

  private static final int NESTED = 0x8000;

  public Attributes {
    list = List.copyOf(list);
  }

  /**
   * One attribute.
   *
   * @param type its number, with the flag of nested attributes when it is to be sent
   * @param value its bytes, without padding, from position 0 to the limit
   */
  public record Attribute(int type, ByteBuffer value) {}

  /** Adds an unsigned number of 8 bits. */
  public Attributes withU8(int type, int value) {
    return with(type, NativeBytes.allocate(Byte.BYTES).put((byte) value).flip());
  }

  /** Adds an unsigned number of 16 bits. */
  public Attributes withU16(int type, int value) {
    return with(type, NativeBytes.allocate(Short.BYTES).putShort((short) value).flip());
  }

  /** Adds an unsigned number of 32 bits. */
  public Attributes withU32(int type, int value) {
    return with(type, NativeBytes.allocate(Integer.BYTES).putInt(value).flip());
  }

  /** Adds an unsigned number of 64 bits. */
  public Attributes withU64(int type, long value) {
    return with(type, NativeBytes.allocate(Long.BYTES).putLong(value).flip());
  }

  /** Adds a text, which the kernel wants with a zero byte at its end. */
  public Attributes withString(int type, String value) {
    return with(type, ByteBuffer.wrap((value + '\0').getBytes(StandardCharsets.UTF_8)));
  }

  /** Adds an attribute that holds attributes. */
  public Attributes withNested(int type, Attributes value) {
    return with(type | NESTED, value.encode());
  }

  private Attributes with(int type, ByteBuffer value) {
    List<Attribute> longer = new ArrayList<>(list);
    longer.add(new Attribute(type, value));
    return new Attributes(longer);
  }

  /** The bytes, each attribute padded to a multiple of 4. */
  public ByteBuffer encode() {
    int length =
        list.stream().mapToInt(a -> NativeBytes.aligned(HEADER_BYTES + a.value.limit())).sum();
    ByteBuffer bytes = NativeBytes.allocate(length);
    for (Attribute attribute : list) {
      int start = bytes.position();
      int attributeLength = HEADER_BYTES + attribute.value.limit();
      bytes.putShort((short) attributeLength).putShort((short) attribute.type);
      bytes.put(attribute.value.duplicate());
      bytes.position(start + NativeBytes.aligned(attributeLength));
    }
    return bytes.flip();
  }

  /**
   * Reads a list of attributes.
   *
   * @throws NetlinkFormatException if a length does not fit
   */
  public static Attributes parse(ByteBuffer bytes) throws NetlinkFormatException {
    List<Attribute> list = new ArrayList<>();
    int total = bytes.limit();
    for (int start = 0; start + HEADER_BYTES <= total; ) {
      int length = Short.toUnsignedInt(bytes.getShort(start));
      int type = Short.toUnsignedInt(bytes.getShort(start + 2)) & ~TYPE_FLAGS;
      if (length < HEADER_BYTES || length > total - start) {
        throw new NetlinkFormatException(
            "attribute %d at %d: length %d of %d bytes".formatted(type, start, length, total));
      }
      list.add(
          new Attribute(
              type, NativeBytes.slice(bytes, start + HEADER_BYTES, length - HEADER_BYTES)));
      start += NativeBytes.aligned(length);
    }
    return new Attributes(list);
  }

  /** The first attribute's number of 8, 16, 32 or 64 bits, as it is in the message. */
  public Optional<Long> number(int type) throws NetlinkFormatException {
    Optional<ByteBuffer> value = value(type);
    return value.isPresent() ? Optional.of(toNumber(type, value.get())) : Optional.empty();
  }

  /** The first attribute's number, which must be there. */
  public long requireNumber(int type) throws NetlinkFormatException {
    return number(type).orElseThrow(() -> missing(type));
  }

  /** The first attribute's text. */
  public Optional<String> string(int type) {
    return value(type).map(Attributes::toText);
  }

  /** The first attribute's attributes; none if it is not there. */
  public Attributes nested(int type) throws NetlinkFormatException {
    Optional<ByteBuffer> value = value(type);
    return value.isPresent() ? parse(value.get()) : NONE;
  }

  /** Every attribute's attributes, whatever their numbers: for lists of alike things. */
  public List<Attributes> items() throws NetlinkFormatException {
    List<Attributes> items = new ArrayList<>();
    for (Attribute attribute : list) {
      items.add(parse(attribute.value));
    }
    return items;
  }

  private Optional<ByteBuffer> value(int type) {
    return list.stream()
        .filter(a -> (a.type & ~TYPE_FLAGS) == type)
        .map(Attribute::value)
        .findFirst();
  }

  private static long toNumber(int type, ByteBuffer value) throws NetlinkFormatException {
    return switch (value.limit()) {
      case Byte.BYTES -> Byte.toUnsignedLong(value.get(0));
      case Short.BYTES -> Short.toUnsignedLong(value.getShort(0));
      case Integer.BYTES -> Integer.toUnsignedLong(value.getInt(0));
      case Long.BYTES -> value.getLong(0);
      default ->
          throw new NetlinkFormatException(
              "attribute %d: %d bytes are not a number".formatted(type, value.limit()));
    };
  }

  private static String toText(ByteBuffer value) {
    String text = StandardCharsets.UTF_8.decode(value.duplicate()).toString();
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private static NetlinkFormatException missing(int type) {
    return new NetlinkFormatException("attribute %d is missing".formatted(type));
  }
}
