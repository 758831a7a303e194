package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.VolumeId;
import org.jspecify.annotations.Nullable;

/** Where logical volumes lie. */
public interface VolumeGroups {

    /** The LVM volume group in which what belongs to the volume may lie too; null when the volume lies in none. */
    @Nullable
    String groupOf(VolumeId volume);
}
