package io.sluice.agent.reconcile;

import io.sluice.agent.api.MigrationId;

/** Whether a workload may be started without being told to; kept durably beside its declaration. */
public sealed interface Autostart {

    /** It is started once when the agent comes up and finds it stopped. */
    record On() implements Autostart {}

    /**
     * Held: never started, even after a reboot.
     *
     * @param ranBefore whether it is to run again should the migration be given up
     */
    record Held(MigrationId by, boolean ranBefore) implements Autostart {}

    /** To be started as soon as its volumes are served, until it is seen running; then {@link On}. */
    record Due() implements Autostart {}
}
