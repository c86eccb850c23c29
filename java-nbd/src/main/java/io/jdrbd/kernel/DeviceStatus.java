package io.jdrbd.kernel;

/**
 * What the kernel says about one device.
 *
 * @param index X in {@code /dev/nbdX}
 * @param inUse whether it is connected, or somebody has it open
 */
public record DeviceStatus(int index, boolean inUse) {}
