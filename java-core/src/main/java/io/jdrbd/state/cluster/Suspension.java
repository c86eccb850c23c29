package io.jdrbd.state.cluster;

/**
 * Why I/O of a resource is suspended (spec 4.1, 4.19). A further reason, fencing, belongs to the
 * connection.
 *
 * @param user by the administrator
 * @param noData no UpToDate data can be reached
 * @param quorum a volume of this Primary has no quorum
 * @param uuid until a new current UUID is written
 */
public record Suspension(boolean user, boolean noData, boolean quorum, boolean uuid) {
  /** I/O is not suspended. */
  public static final Suspension NONE = new Suspension(false, false, false, false);

  /** Whether there is any reason. */
  public boolean any() {
    return user || noData || quorum || uuid;
  }

  /** The same but for the administrator's wish. */
  public Suspension withUser(boolean wanted) {
    return new Suspension(wanted, noData, quorum, uuid);
  }

  /** The same but for the lack of data. */
  public Suspension withNoData(boolean present) {
    return new Suspension(user, present, quorum, uuid);
  }

  /** The same but for the lack of quorum. */
  public Suspension withQuorum(boolean present) {
    return new Suspension(user, noData, present, uuid);
  }

  /** The same but for the wait for a new current UUID. */
  public Suspension withUuid(boolean present) {
    return new Suspension(user, noData, quorum, present);
  }
}
