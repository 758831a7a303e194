package io.sluice.agent.volume;

import io.sluice.agent.api.PoolName;
import java.nio.file.Path;

/**
 * A pool in a directory, as configured.
 *
 * @param capacityBytes the exact sizes of all volumes in it may add up to this
 */
public record PoolDirectory(PoolName name, Path path, long capacityBytes) implements PoolPlace {
    @Override
    public String kind() {
        return "directory";
    }

    @Override
    public Long ceilingBytes() {
        return capacityBytes;
    }
}
