package io.sluice.agent.clone;

/** What may happen to a region; see {@link RegionState#on}. */
enum RegionEvent {
    COPY_WANTED,
    FETCHED,
    FETCH_FAILED,
    STORED,
    STORE_FAILED,
    /** A write or unmap of the whole region is about to begin. */
    OVERWRITE_WANTED,
    OVERWRITTEN,
    OVERWRITE_FAILED,
    /** A write or unmap inside a local region is about to begin. */
    WRITE_IN_PLACE,
    /** The source says that it allocates nothing of the region. */
    HOLE_FOUND
}
