package io.sluice.agent.devicemapper;

import org.jspecify.annotations.Nullable;

/**
 * Of a one-path multipath map.
 *
 * @param path the disk, as {@code major:minor}; null when there is none
 * @param active whether I/O is sent to it; false without a path
 * @param failures how often the path failed since the map was made
 */
public record MultipathStatus(@Nullable String path, boolean active, long failures) implements Status {

    static MultipathStatus read(Words words) {
        words.nextCounted();
        words.nextCounted();
        long groups = words.nextLong();
        words.nextLong();
        if (groups == 0) {
            return new MultipathStatus(null, false, 0);
        }
        words.next();
        words.nextCounted();
        long paths = words.nextLong();
        words.nextLong();
        if (paths == 0) {
            return new MultipathStatus(null, false, 0);
        }
        return new MultipathStatus(words.next(), words.next().equals("A"), words.nextLong());
    }
}
