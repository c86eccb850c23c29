package io.jdrbd.nbd.server;

/** Is told about clients, on the server's loop. */
public interface ClientListener {

  /** Does nothing. */
  ClientListener NONE =
      new ClientListener() {
        @Override
        public void opened(ClientInfo client) {}

        @Override
        public void closed(ClientInfo client, String reason) {}
      };

  /** A client has opened an export. */
  void opened(ClientInfo client);

  /**
   * A client that had opened an export is gone; its session is closed.
   *
   * @param reason for people
   */
  void closed(ClientInfo client, String reason);
}
