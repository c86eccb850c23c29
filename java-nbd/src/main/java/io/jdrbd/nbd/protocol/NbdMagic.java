package io.jdrbd.nbd.protocol;

/** The numbers by which each kind of message begins. */
public final class NbdMagic {
  /** {@code NBDMAGIC} in ASCII: the server's first eight bytes. */
  public static final long GREETING = 0x4e42444d41474943L;

  /** {@code IHAVEOPT} in ASCII: fixed newstyle, and the start of each option. */
  public static final long OPTION = 0x49484156454f5054L;

  public static final long OPTION_REPLY = 0x0003e889045565a9L;
  public static final int COMPACT_REQUEST = 0x25609513;
  public static final int EXTENDED_REQUEST = 0x21e41c71;
  public static final int SIMPLE_REPLY = 0x67446698;
  public static final int STRUCTURED_REPLY = 0x668e33ef;
  public static final int EXTENDED_REPLY = 0x6e8a278c;

  private NbdMagic() {}
}
