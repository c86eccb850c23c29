package io.jdrbd.metadata.format;

/** Metadata that cannot be used as it is, with what a person needs to know. */
public final class MetadataException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why; each reason has the number that DRBD's kernel module answers with. */
  public enum Reason {
    /** The data device is smaller than what was asked for or agreed on. */
    DISK_TOO_SMALL(111),
    /** The metadata device cannot hold the metadata. */
    METADATA_DISK_TOO_SMALL(112),
    /** The placement does not fit the devices. */
    INDEX_INVALID(116),
    /** Reading or writing the metadata failed. */
    IO(118),
    /** There is no metadata, or it contradicts itself or the device. */
    INVALID(119),
    /** There is no memory for the bitmaps. */
    NO_MEMORY(140),
    /** Every bitmap slot is taken by another peer. */
    NO_FREE_SLOT(162),
    /** The activity log was not applied since the disk was last in use. */
    UNCLEAN(165),
    /** The disk has become smaller than the size agreed on with the peers. */
    IMPLICIT_SHRINK(170);

    private final int number;

    Reason(int number) {
      this.number = number;
    }

    /** DRBD's number. */
    public int number() {
      return number;
    }
  }

  private final Reason reason;

  /**
   * @param reason what kind of failure
   * @param message which field has which value, and what would be right
   */
  public MetadataException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  static MetadataException invalid(String field, String value, String expected) {
    return new MetadataException(
        Reason.INVALID, "metadata field %s is %s: must be %s".formatted(field, value, expected));
  }
}
