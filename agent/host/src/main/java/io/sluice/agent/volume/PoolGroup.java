package io.sluice.agent.volume;

import io.sluice.agent.api.PoolName;
import org.jspecify.annotations.Nullable;

/**
 * A pool in an LVM volume group, as configured.
 *
 * @param thinPool the thin pool its volumes are taken from; null where they are plain logical volumes
 * @param ceilingBytes what the exact sizes of all volumes in the thin pool may add up to; null is the thin pool's size
 */
public record PoolGroup(
        PoolName name,
        String group,
        @Nullable String thinPool,
        @Nullable Long ceilingBytes) implements PoolPlace {
    @Override
    public String kind() {
        return thinPool == null ? "lvm" : "lvm-thin";
    }
}
