package io.jdrbd.nbd.protocol;

import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.Set;

/**
 * The data of INFO and GO.
 *
 * @param exportName which export; empty for the default
 * @param infos what the client would like to know; numbers that are not known are left out
 */
public record InfoQuery(String exportName, Set<InfoType> infos) {

  public InfoQuery {
    infos = Set.copyOf(infos);
  }

  /**
   * Reads all of the option's data.
   *
   * @throws OptionFormatException if lengths and counts do not fit the data
   */
  public static InfoQuery decode(ByteBuf data) throws OptionFormatException {
    String name = OptionStrings.read(data, "export name");
    if (data.readableBytes() < Short.BYTES) {
      throw new OptionFormatException("the number of information requests is missing");
    }
    int count = data.readUnsignedShort();
    if (data.readableBytes() != count * Short.BYTES) {
      throw new OptionFormatException(
          "%d information requests are announced, %d bytes follow"
              .formatted(count, data.readableBytes()));
    }
    Set<InfoType> infos = EnumSet.noneOf(InfoType.class);
    for (int i = 0; i < count; i++) {
      InfoType.of(data.readUnsignedShort()).ifPresent(infos::add);
    }
    return new InfoQuery(name, infos);
  }

  /**
   * Reads the data of EXPORT_NAME, which is nothing but the name.
   *
   * @throws OptionFormatException if it is too long or contains a NUL
   */
  public static String decodeName(ByteBuf data) throws OptionFormatException {
    return OptionStrings.readRaw(data, data.readableBytes(), "export name");
  }
}
