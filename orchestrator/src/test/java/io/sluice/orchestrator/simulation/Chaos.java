package io.sluice.orchestrator.simulation;

import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.MigrationState;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong at the points where something can: asked at each of them, answers what is to happen there; null is
 * nothing. What befalls hosts as a whole, and what operators do, is not asked here: see {@link Troubles} and {@link Operators}.
 */
interface Chaos {
    /** Nothing ever goes wrong. */
    Chaos NONE = new Chaos() {};

    /** From now on nothing goes wrong. */
    default void calm() {}

    /** Whether replicas often stop between reading and committing. */
    default boolean sleepy() {
        return false;
    }

    /** A call, its answer or a notification on its way. */
    default @Nullable Fault message(String what) {
        return null;
    }

    /** One transaction of a replica. */
    default @Nullable Fault transaction(String what) {
        return null;
    }

    /** One action of an agent. */
    default @Nullable Fault action(String what) {
        return null;
    }

    /** What an operator wants of a migration at the moment it enters that state; null is nothing new. */
    default @Nullable Intent entered(MigrationState state) {
        return null;
    }
}
