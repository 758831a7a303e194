package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * One pool as it stands.
 *
 * @param kind {@code directory}, {@code lvm-thin} or {@code lvm}
 * @param capacityBytes what the pool may hold
 * @param committedBytes exact sizes of all volumes in it, retired copies and incoming ones included, whether allocated or not
 * @param freeBytes what the medium under it has left right now
 * @param extentBytes a volume's size in it is a multiple of that; null where it may have any
 */
public record PoolReport(
        PoolName name,
        String kind,
        long capacityBytes,
        long committedBytes,
        long freeBytes,
        @Nullable Long extentBytes) {

    /** Of volumes of any size. */
    public PoolReport(PoolName name, String kind, long capacityBytes, long committedBytes, long freeBytes) {
        this(name, kind, capacityBytes, committedBytes, freeBytes, null);
    }
}
