package io.sluice.orchestrator.plan;

/** Why a worker cannot take a cargo; the filters, in the order in which they are asked. */
public enum Obstacle {
    NOT_CONNECTED("not connected"),
    CORDONED("cordoned"),
    DRAINING("draining"),
    /** Needs dm-clone or the portable clone engine. */
    NO_CLONE_ENGINE("without a clone engine"),
    /** Data stays in its region; where the destination's region is unknown it may be another. */
    OTHER_REGION("outside the region"),
    /** The workload's declaration requires or avoids a label. */
    OTHER_LABELS("without the labels asked for"),
    /** Holds a copy of one of the volumes that is not a retired one. */
    HOLDS_A_COPY("holding another copy of a volume"),
    /** Members of one group stand on different workers, so that no host takes two of them down. */
    HAS_GROUP_MEMBER("having a member of the group"),
    /** A workload whose declaration says what it must be near to goes where that is. */
    NOT_NEAR("in a zone without what it must be near to"),
    /** It is the last of its group in its zone, and something there must be near to that group. */
    NEEDED_IN_ITS_ZONE("outside the zone where others need it"),
    /** Its group must stand in more racks than it would here. */
    TOO_FEW_RACKS("in a rack its group stands in already"),
    /** The extents of its volume groups cannot give a volume's exact size. */
    NO_POOL_OF_THAT_SIZE("without a pool whose extents give the exact size"),
    NO_POOL_WITH_ROOM("short of room in its pools"),
    NO_CPU("short of CPU"),
    NO_MEMORY("short of memory");

    private final String words;

    Obstacle(String words) {
        this.words = words;
    }

    /** Continues "1 worker …". */
    public String words() {
        return words;
    }
}
