package io.jdrbd.plan;

/**
 * When a task's turn is; the tasks of one stage are done before those of the next (spec 7, section
 * 6.5).
 */
public enum Stage {
  NEW_RESOURCE,
  RESOURCE_OPTIONS,
  DEL_MINOR,
  NEW_MINOR,
  DISCONNECT,
  DEL_PEER,
  NEW_PEER,
  NEW_PATH,
  NET_OPTIONS,
  PEER_DEVICE_OPTIONS,
  DISK,
  CONNECT
}
