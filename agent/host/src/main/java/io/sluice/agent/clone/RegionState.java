package io.sluice.agent.clone;

/**
 * What one region of a clone device is. Pure: {@link #on} is the whole table of what may happen to a region. The four states
 * that are not local exist in memory alone; on disk all of them are "not here".
 */
enum RegionState {
    /** Only the source has it. */
    REMOTE(0),
    /** Being read from the source into memory; local bytes are untouched, so an overwrite may take the region over. */
    FETCHING(0),
    /** Being written from memory to the local disk. */
    STORING(0),
    /** The workload replaces all of it; nothing is read from the source. */
    OVERWRITING(0),
    /** Local, as the source sent it. */
    COPIED(1),
    /** Copied from the source, then written by the workload. */
    COPIED_WRITTEN(2),
    /** Local: the source does not allocate it, the local disk reads zero. */
    HOLE(3),
    /** Was a hole, then written by the workload. */
    HOLE_WRITTEN(4),
    /** Became local because the workload wrote or unmapped all of it. */
    WRITTEN(5);

    private static final RegionState[] BY_CODE = {REMOTE, COPIED, COPIED_WRITTEN, HOLE, HOLE_WRITTEN, WRITTEN};

    private final byte code;

    RegionState(int code) {
        this.code = (byte) code;
    }

    /** What the metadata holds for it. */
    byte code() {
        return code;
    }

    /** Whether {@code code} stands for a state in the metadata. */
    static boolean knows(byte code) {
        return code >= 0 && code < BY_CODE.length;
    }

    static RegionState ofCode(byte code) {
        return BY_CODE[code];
    }

    /** The later one of two states that the region has been in, both local or not here. Local states only gain "written". */
    RegionState orLater(RegionState other) {
        boolean otherIsLater =
                !local() || (this == COPIED && other == COPIED_WRITTEN) || (this == HOLE && other == HOLE_WRITTEN);
        return otherIsLater ? other : this;
    }

    boolean local() {
        return code != 0;
    }

    boolean busy() {
        return this == FETCHING || this == STORING || this == OVERWRITING;
    }

    RegionStep on(RegionEvent event) {
        return switch (event) {
            case COPY_WANTED ->
                switch (this) {
                    case REMOTE -> new RegionStep.Move(FETCHING);
                    case FETCHING, STORING, OVERWRITING -> RegionStep.WAIT;
                    case COPIED, COPIED_WRITTEN, HOLE, HOLE_WRITTEN, WRITTEN -> RegionStep.STAY;
                };
            case FETCHED -> when(FETCHING, STORING);
            case FETCH_FAILED -> when(FETCHING, REMOTE);
            case STORED -> when(STORING, COPIED);
            case STORE_FAILED -> when(STORING, REMOTE);
            case OVERWRITE_WANTED ->
                switch (this) {
                    case REMOTE, FETCHING -> new RegionStep.Move(OVERWRITING);
                    case STORING, OVERWRITING -> RegionStep.WAIT;
                    case COPIED, COPIED_WRITTEN, HOLE, HOLE_WRITTEN, WRITTEN -> RegionStep.STAY;
                };
            case OVERWRITTEN -> when(OVERWRITING, WRITTEN);
            case OVERWRITE_FAILED -> when(OVERWRITING, REMOTE);
            case WRITE_IN_PLACE ->
                switch (this) {
                    case COPIED -> new RegionStep.Move(COPIED_WRITTEN);
                    case HOLE -> new RegionStep.Move(HOLE_WRITTEN);
                    case REMOTE, FETCHING, STORING, OVERWRITING, COPIED_WRITTEN, HOLE_WRITTEN, WRITTEN ->
                        RegionStep.STAY;
                };
            case HOLE_FOUND -> when(REMOTE, HOLE);
        };
    }

    private RegionStep when(RegionState only, RegionState then) {
        return this == only ? new RegionStep.Move(then) : RegionStep.STAY;
    }
}
