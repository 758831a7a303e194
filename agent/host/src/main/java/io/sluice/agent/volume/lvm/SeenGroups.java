package io.sluice.agent.volume.lvm;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Volume groups as last seen, with the agent's own changes since. A look that began before a change says nothing of it. */
final class SeenGroups {
    private final Map<String, VolumeGroup> groups = new HashMap<>();
    private long changes;

    synchronized @Nullable VolumeGroup find(String group) {
        return groups.get(group);
    }

    synchronized long changes() {
        return changes;
    }

    synchronized void saw(VolumeGroup group, long whenChanges) {
        if (changes == whenChanges) {
            groups.put(group.name(), group);
        }
    }

    /** How much of a volume is mapped changes without the agent: no change of its own is lost by taking that from any look. */
    synchronized void filled(LogicalVolume looked) {
        groups.computeIfPresent(looked.group(), (name, group) -> {
            LogicalVolume kept = group.find(looked.name());
            return kept == null ? group : group.with(kept.name(), kept.filledAs(looked));
        });
    }

    synchronized void changed() {
        changes++;
    }

    synchronized void replace(VolumeGroup group) {
        changes++;
        groups.put(group.name(), group);
    }

    /** One volume was changed by the agent; null is gone. */
    synchronized void note(LogicalVolume before, @Nullable LogicalVolume now) {
        changes++;
        groups.computeIfPresent(before.group(), (name, group) -> group.with(before.name(), now));
    }
}
