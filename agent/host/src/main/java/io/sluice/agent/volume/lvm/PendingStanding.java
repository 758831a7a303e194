package io.sluice.agent.volume.lvm;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of standing that holds already, and that LVM has yet to be told.
 *
 * @param before the tag that tells the standing it takes the place of; null where there was none. Under any other it is void
 * @param after the tag to be
 * @param writable as LVM is to have it
 */
record PendingStanding(String group, String name, @Nullable String before, String after, boolean writable) {

    static PendingStanding of(LogicalVolume from, LogicalVolume to) {
        return new PendingStanding(
                from.group(), from.name(), standing(from), String.valueOf(standing(to)), to.writable());
    }

    private static @Nullable String standing(LogicalVolume logical) {
        Set<String> found = Tags.standings(logical.tags());
        return found.isEmpty() ? null : String.join(",", found.stream().sorted().toList());
    }

    /** Whether LVM still has what this takes the place of. */
    boolean isDue(LogicalVolume raw) {
        String found = standing(raw);
        return before == null ? found == null : before.equals(found);
    }

    /** As LVM is to have it. */
    LogicalVolume over(LogicalVolume raw) {
        Set<String> tags = new HashSet<>(raw.tags());
        tags.removeAll(Tags.standings(tags));
        tags.add(Tags.VOLUME);
        tags.add(after);
        return raw.with(tags, writable);
    }
}
