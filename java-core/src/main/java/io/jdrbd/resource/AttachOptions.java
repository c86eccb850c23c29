package io.jdrbd.resource;

/**
 * How a disk is attached.
 *
 * @param disk which one
 * @param noMetadata the disk carries no DRBD metadata: all of it is data, nothing about its past is
 *     known, and it counts as UpToDate at once
 */
public record AttachOptions(DiskSpec disk, boolean noMetadata) {}
