package io.sluice.agent.devicemapper;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One path or none to a disk, where what cannot be sent now waits instead of failing ({@code dm-mpath.c}). Bio based: an
 * older kind of queue would need the path when the map is made.
 *
 * @param path the disk; null while there is none
 */
public record MultipathTable(long sectors, @Nullable String path) implements Table {
    static final String TARGET = "multipath";

    private static final List<String> FEATURES = List.of("3", "queue_if_no_path", "queue_mode", "bio");
    private static final String NO_HARDWARE_HANDLER = "0";

    public static MultipathTable over(@Nullable String path, long sizeBytes) {
        return new MultipathTable(Table.sectorsOf(sizeBytes), path);
    }

    static MultipathTable read(long sectors, Words words) {
        words.nextCounted();
        words.nextCounted();
        long groups = words.nextLong();
        words.nextLong();
        if (groups == 0) {
            return new MultipathTable(sectors, null);
        }
        words.next();
        words.nextCounted();
        long paths = words.nextLong();
        words.nextLong();
        return new MultipathTable(sectors, paths == 0 ? null : words.next());
    }

    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(TARGET);
        words.addAll(FEATURES);
        words.add(NO_HARDWARE_HANDLER);
        if (path == null) {
            // number of groups, first group
            words.addAll(List.of("0", "0"));
        } else {
            // one group, the first; its selector, which never has anything to select: no arguments, one path with one
            // argument
            words.addAll(List.of("1", "1", "round-robin", "0", "1", "1", path, "1"));
        }
        return words;
    }
}
