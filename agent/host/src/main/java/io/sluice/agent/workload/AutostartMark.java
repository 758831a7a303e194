package io.sluice.agent.workload;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.reconcile.Autostart;
import org.jspecify.annotations.Nullable;

/** A workload's autostart as kept in a file; none means on. */
record AutostartMark(State state, @Nullable MigrationId heldBy, boolean ranBefore) {
    enum State {
        HELD,
        DUE
    }

    static @Nullable AutostartMark of(Autostart autostart) {
        return switch (autostart) {
            case Autostart.On() -> null;
            case Autostart.Due() -> new AutostartMark(State.DUE, null, false);
            case Autostart.Held held -> new AutostartMark(State.HELD, held.by(), held.ranBefore());
        };
    }

    Autostart autostart() {
        return switch (state) {
            case DUE -> new Autostart.Due();
            case HELD -> {
                if (heldBy == null) {
                    throw new IllegalStateException("a hold without a migration");
                }
                yield new Autostart.Held(heldBy, ranBefore);
            }
        };
    }
}
