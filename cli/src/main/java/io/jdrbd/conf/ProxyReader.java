package io.jdrbd.conf;

import java.util.List;
import java.util.Optional;

/** Reads {@code proxy on HOST… { inside …; outside …; }}. */
final class ProxyReader {
  private ProxyReader() {}

  /**
   * @param words behind {@code proxy}
   */
  static ProxyConf read(Statement statement, Words words, Problems problems) throws ConfException {
    if (!words.skip("on")) {
      throw new ConfException(Problem.of(statement.first(), "'proxy on HOST { … }' expected"));
    }
    List<String> hosts = words.strings("a host name").stream().map(Token::text).toList();
    Optional<Address> inside = Optional.empty();
    Optional<Address> outside = Optional.empty();
    for (Statement item : words.body()) {
      Words address = new Words(item);
      if (item.is("inside")) {
        inside = Optional.of(address.address());
        address.plain();
      } else if (item.is("outside")) {
        outside = Optional.of(address.address());
        address.plain();
      } else if (item.is("options")) {
        options(address.body(), problems);
      } else {
        options(List.of(item), problems);
      }
    }
    return new ProxyConf(hosts, inside, outside);
  }

  /** Checked, and not used. */
  private static void options(List<Statement> items, Problems problems) {
    SettingsReader.read(
        items.stream().filter(item -> !item.is("plugin")).toList(), OptionTable.PROXY, problems);
  }
}
