package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.clone.pace.GuestThrottle;
import org.jspecify.annotations.Nullable;

/** Holds a workload back from its own disk. */
public interface GuestThrottles {

    /** Whether the volume's workload can be held back at all. */
    boolean possible(VolumeId volume);

    /**
     * From now on the workload may do so much with the disk, in each direction; null is as much as it likes. Harmless when there is
     * no workload, and when repeated: it has to be, as a workload that is started anew is free.
     *
     * @param device number of the disk the workload uses, {@code major:minor}
     * @return whether it is so now; false where no workload is found that it could be so for
     */
    boolean limit(VolumeId volume, String device, @Nullable GuestThrottle throttle);

    /** Where nobody is ever held back. */
    GuestThrottles NONE = new GuestThrottles() {
        @Override
        public boolean possible(VolumeId volume) {
            return false;
        }

        @Override
        public boolean limit(VolumeId volume, String device, @Nullable GuestThrottle throttle) {
            return throttle == null;
        }
    };
}
