package io.jdrbd.conf;

/** The sections of options that a resource has, and {@code common} for all resources. */
@SuppressWarnings("ImmutableEnumChecker") // the tables are never changed
public enum SectionKind {
  NET("net", OptionTable.NET),
  DISK("disk", OptionTable.DISK),
  OPTIONS("options", OptionTable.OPTIONS),
  STARTUP("startup", OptionTable.STARTUP),
  HANDLERS("handlers", OptionTable.HANDLERS),
  PROXY("proxy", OptionTable.PROXY);

  private final String word;
  private final OptionTable table;

  SectionKind(String word, OptionTable table) {
    this.word = word;
    this.table = table;
  }

  /** The section's name. */
  public String word() {
    return word;
  }

  OptionTable table() {
    return table;
  }
}
