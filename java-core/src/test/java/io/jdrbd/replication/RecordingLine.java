package io.jdrbd.replication;

import io.jdrbd.disk.DiskRequest;
import java.util.ArrayList;
import java.util.List;

/** Takes down what a peer is sent, in words. */
final class RecordingLine implements WriteLine {
  final List<String> said = new ArrayList<>();
  final List<Long> ids = new ArrayList<>();

  @Override
  public void write(int volume, long id, DiskRequest content, boolean duringResync) {
    said.add("write " + content.offsetBytes());
    ids.add(id);
  }

  @Override
  public void barrier(int epoch) {
    said.add("barrier " + epoch);
  }

  @Override
  public void outOfSync(int volume, long offsetBytes, long lengthBytes) {
    said.add("out of sync " + offsetBytes);
  }

  @Override
  public boolean tellsPositions() {
    return true;
  }

  @Override
  public void position(long dagtag) {
    said.add("position " + dagtag);
  }

  @Override
  public void peerAck(long nodes, long dagtag) {
    said.add("peer ack %x up to %d".formatted(nodes, dagtag));
  }

  @Override
  public void readRequest(int volume, long id, long offsetBytes, int lengthBytes) {
    said.add("read " + offsetBytes);
  }

  @Override
  public void whenHandedOver(Runnable then) {
    then.run();
  }
}
