package io.jdrbd.export;

import io.jdrbd.loop.EpollLoop;
import java.util.concurrent.CompletionStage;

/** A volume as its users see it: something with a name that can be opened. */
public interface Export {

  /** The name by which clients ask for it, such as {@code r0/0}. */
  String name();

  /** One line for people. */
  String description();

  /** Whether it may be opened for reading only. */
  boolean readOnly();

  /** The loop that owns the volume: what a session's disk is used on. */
  EpollLoop loop();

  /**
   * Opens it for one client. May be called on any thread; the answer arrives on the export's loop.
   *
   * @param access what the client wants
   * @param client who it is, for logs and for {@code open:} in status
   * @return the session, or an {@link OpenRefusedException} that says why not
   */
  CompletionStage<ExportSession> open(Access access, String client);

  /** What a client wants to do. */
  enum Access {
    /** Reads only. */
    READ_ONLY,
    /** Reads and writes. */
    READ_WRITE
  }
}
