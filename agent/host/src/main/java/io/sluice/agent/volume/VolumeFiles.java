package io.sluice.agent.volume;

import io.sluice.agent.api.VolumeId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the bytes of this host's volumes lie. */
public interface VolumeFiles {

    /**
     * One volume's file.
     *
     * @param writable false while the copy is frozen: it must then be opened read-only
     */
    record VolumeFile(Path path, long sizeBytes, int blockBytes, boolean writable) {}

    /** The copy of the volume that is not retired; null when there is none. */
    @Nullable
    VolumeFile find(VolumeId volume);
}
