package io.sluice.orchestrator.web;

import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.web.MigrationView.StateKind;

/**
 * One state of the machine that every migration goes through.
 *
 * @param state as in {@link MigrationView#state()}
 */
public record StateView(String state, StateKind kind) {
    static StateView of(MigrationState state) {
        return new StateView(state.title(), StateKind.valueOf(state.kind()));
    }
}
