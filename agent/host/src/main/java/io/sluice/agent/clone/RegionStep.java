package io.sluice.agent.clone;

/** What an event does to a region. */
sealed interface RegionStep {
    RegionStep WAIT = new Wait();
    RegionStep STAY = new Stay();

    /** The region is now {@code to}; whoever sent the event goes on with it. */
    record Move(RegionState to) implements RegionStep {}

    /** Somebody else is at work on the region: ask again after its next change. */
    record Wait() implements RegionStep {}

    /** The event does not apply (any more): nothing changed. */
    record Stay() implements RegionStep {}
}
