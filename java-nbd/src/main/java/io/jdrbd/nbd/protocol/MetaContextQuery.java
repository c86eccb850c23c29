package io.jdrbd.nbd.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The data of LIST_META_CONTEXT and SET_META_CONTEXT.
 *
 * @param exportName which export; empty for the default
 * @param queries names or namespaces of contexts
 */
public record MetaContextQuery(String exportName, List<String> queries) {
  /** What is allocated: the one context that the server knows. */
  public static final String BASE_ALLOCATION = "base:allocation";

  private static final String BASE_NAMESPACE = "base:";

  public MetaContextQuery {
    queries = List.copyOf(queries);
  }

  /**
   * Reads all of the option's data.
   *
   * @throws OptionFormatException if lengths and counts do not fit the data
   */
  public static MetaContextQuery decode(ByteBuf data) throws OptionFormatException {
    String name = OptionStrings.read(data, "export name");
    if (data.readableBytes() < Integer.BYTES) {
      throw new OptionFormatException("the number of queries is missing");
    }
    long count = data.readUnsignedInt();
    if (count * Integer.BYTES > data.readableBytes()) {
      throw new OptionFormatException(
          "%d queries are announced, %d bytes follow".formatted(count, data.readableBytes()));
    }
    List<String> queries = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      queries.add(OptionStrings.read(data, "query"));
    }
    if (data.isReadable()) {
      throw new OptionFormatException(
          "%d bytes follow the last query".formatted(data.readableBytes()));
    }
    return new MetaContextQuery(name, queries);
  }

  /** Whether listing by these queries answers with {@link #BASE_ALLOCATION}; none asks for all. */
  public boolean listsAllocation() {
    return queries.isEmpty() || queries.contains(BASE_NAMESPACE) || selectsAllocation();
  }

  /** Whether selecting by these queries selects {@link #BASE_ALLOCATION}. */
  public boolean selectsAllocation() {
    return queries.contains(BASE_ALLOCATION);
  }
}
