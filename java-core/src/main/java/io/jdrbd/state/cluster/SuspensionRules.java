package io.jdrbd.state.cluster;

import io.jdrbd.state.Role;

/** What follows for the I/O of the whole resource (spec 4.3, "Resource"). */
final class SuspensionRules {
  private SuspensionRules() {}

  static void apply(Draft draft) {
    suspendWithoutData(draft);
    boolean withoutQuorum =
        draft.next().settings().suspendsWithoutQuorum()
            && draft.next().volumes().values().stream().anyMatch(volume -> !volume.hasQuorum());
    draft.change(next -> next.withSuspension(next.suspension().withQuorum(withoutQuorum)));
    waitForNewUuid(draft);
    failOpenDevices(draft);
  }

  private static void suspendWithoutData(Draft draft) {
    ResourceSnapshot next = draft.next();
    if (next.role() != Role.PRIMARY) {
      return;
    }
    boolean accessible = next.volumes().keySet().stream().allMatch(next::hasAccessToData);
    boolean lost =
        next.volumes().keySet().stream()
            .anyMatch(volume -> !next.hasAccessToData(volume) && hadData(draft, volume));
    if (accessible || !next.settings().suspendsWithoutData()) {
      draft.change(n -> n.withSuspension(n.suspension().withNoData(false)));
    } else if (lost) {
      draft.note("I/O suspended", "no UpToDate data can be reached");
      draft.change(n -> n.withSuspension(n.suspension().withNoData(true)));
    }
  }

  /** Whether data could be reached before; a node that becomes Primary without counts as well. */
  private static boolean hadData(Draft draft, int volume) {
    return !draft.old().isPrimary()
        || (draft.old().volumes().containsKey(volume) && draft.old().hasAccessToData(volume));
  }

  private static void waitForNewUuid(Draft draft) {
    boolean ends =
        draft.old().isSuspended()
            && !draft.old().suspension().uuid()
            && !draft.next().isSuspended();
    boolean owed = draft.next().volumes().values().stream().anyMatch(VolumeSnapshot::owesNewUuid);
    if (ends && owed) {
      draft.note("I/O stays suspended", "a new current UUID is to be written first");
      draft.change(next -> next.withSuspension(next.suspension().withUuid(true)));
    }
  }

  private static void failOpenDevices(Draft draft) {
    boolean open = draft.next().volumes().values().stream().anyMatch(VolumeSnapshot::isOpen);
    boolean writers =
        draft.next().volumes().values().stream().anyMatch(volume -> volume.writers() > 0);
    if (draft.kind() == ChangeKind.FORCED_DEMOTION && writers) {
      draft.note("I/O fails", "demoted by force while open for writing");
      draft.change(next -> next.withFailsIo(true));
    } else if (!open) {
      draft.change(next -> next.withFailsIo(false));
    }
  }
}
