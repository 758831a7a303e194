package io.sluice.orchestrator.plan;

/** Why a worker cannot take a cargo; the filters, in the order in which they are asked. */
enum Obstacle {
    NOT_CONNECTED("not connected"),
    CORDONED("cordoned"),
    DRAINING("draining"),
    /** Needs dm-clone or the portable clone engine. */
    NO_CLONE_ENGINE("without a clone engine"),
    /** Data stays in its region; where the destination's region is unknown it may be another. */
    OTHER_REGION("outside the region"),
    /** Holds a copy of one of the volumes that is not a retired one. */
    HOLDS_A_COPY("holding another copy of a volume"),
    /** Members of one group stand on different workers, so that no host takes two of them down. */
    HAS_GROUP_MEMBER("having a member of the group"),
    NO_POOL_WITH_ROOM("short of room in its pools"),
    NO_CPU("short of CPU"),
    NO_MEMORY("short of memory");

    private final String words;

    Obstacle(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
