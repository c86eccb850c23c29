package io.jdrbd.nbd.server;

import io.jdrbd.nbd.protocol.ExportInfo;
import java.util.concurrent.CompletionStage;

/** A socket that the server was handed and that it serves without a handshake. */
public interface ServedSocket {

  /**
   * What the handshake would have told: size, block sizes and the flags ({@link
   * ExportInfo#flagsField}) that the other side, such as the kernel, is to be given.
   */
  ExportInfo info();

  /** Done when the connection has ended and its session is closed; completes on the loop. */
  CompletionStage<Void> ended();

  /**
   * Takes no more requests, finishes and answers those in flight, and closes the socket. May be
   * called on any thread and more than once.
   */
  void close();
}
