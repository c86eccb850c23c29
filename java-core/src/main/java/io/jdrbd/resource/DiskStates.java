package io.jdrbd.resource;

import io.jdrbd.metadata.rules.FlagRules;
import io.jdrbd.state.DiskState;

/** Disk states as the metadata's rules know them. */
final class DiskStates {
  private DiskStates() {}

  static FlagRules.Disk forMetadata(DiskState state) {
    return switch (state) {
      case DISKLESS -> FlagRules.Disk.DISKLESS;
      case ATTACHING -> FlagRules.Disk.ATTACHING;
      case DETACHING -> FlagRules.Disk.DETACHING;
      case FAILED -> FlagRules.Disk.FAILED;
      case NEGOTIATING -> FlagRules.Disk.NEGOTIATING;
      case INCONSISTENT -> FlagRules.Disk.INCONSISTENT;
      case OUTDATED -> FlagRules.Disk.OUTDATED;
      case D_UNKNOWN -> FlagRules.Disk.UNKNOWN;
      case CONSISTENT -> FlagRules.Disk.CONSISTENT;
      case UP_TO_DATE -> FlagRules.Disk.UP_TO_DATE;
    };
  }

  static DiskState ofMetadata(FlagRules.Disk disk) {
    return switch (disk) {
      case DISKLESS -> DiskState.DISKLESS;
      case ATTACHING -> DiskState.ATTACHING;
      case DETACHING -> DiskState.DETACHING;
      case FAILED -> DiskState.FAILED;
      case NEGOTIATING -> DiskState.NEGOTIATING;
      case INCONSISTENT -> DiskState.INCONSISTENT;
      case OUTDATED -> DiskState.OUTDATED;
      case UNKNOWN -> DiskState.D_UNKNOWN;
      case CONSISTENT -> DiskState.CONSISTENT;
      case UP_TO_DATE -> DiskState.UP_TO_DATE;
    };
  }
}
