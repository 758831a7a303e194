package io.sluice.orchestrator.migration;

import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What operators allow and other migrations leave free: a slot on both hosts and under every ceiling, and the group for a
 * cutover. Pure; that the answer still holds when it is acted on is the commit's business ({@link Transition#unchanged},
 * {@link Transition#rooms}, {@link Migration#cutoverGroup}).
 */
final class Clearances {
    private Clearances() {}

    static Clearance of(Situation situation) {
        return new Clearance(begin(situation), cutover(situation), situation.destinationOpen());
    }

    private static @Nullable Reason begin(Situation situation) {
        Migration migration = situation.migration();
        Reason steered = situation.limits().steering().mayBegin(situation.now());
        if (steered != null) {
            return steered;
        }
        long leaving = underWay(situation.others(), other -> other.source().equals(migration.source()));
        if (leaving >= situation.limits().perSource()) {
            return ReasonCode.WAITING_FOR_SLOT.because("As many migrations as allowed leave " + migration.source()
                    + " already: " + situation.limits().perSource() + ".");
        }
        long entering =
                underWay(situation.others(), other -> other.destination().equals(migration.destination()));
        if (entering >= situation.limits().perDestination()) {
            return ReasonCode.WAITING_FOR_DESTINATION_SLOT.because("As many migrations as allowed enter "
                    + migration.destination() + " already: "
                    + situation.limits().perDestination() + ".");
        }
        Reason ceiling = underCeilings(situation);
        return ceiling == null ? outranked(situation, situation.limits().perDestination() - entering) : ceiling;
    }

    private static @Nullable Reason underCeilings(Situation situation) {
        return situation.rooms().stream()
                .filter(Room::full)
                .findFirst()
                .map(room -> ReasonCode.WAITING_FOR_CEILING.because("As many migrations as the ceiling allows go "
                        + room.words() + " already: " + room.most() + "."))
                .orElse(null);
    }

    /**
     * A slot that is free goes to the drain of the highest priority that wants it. Only what waits for nothing but this slot wants
     * it: a drain that is paused, or whose source is full, keeps nobody out.
     */
    private static @Nullable Reason outranked(Situation situation, long free) {
        Steering steering = situation.limits().steering();
        List<Migration> first = situation.others().stream()
                .filter(other -> other.state() == MigrationState.Reversible.PLANNED)
                .filter(other ->
                        other.destination().equals(situation.migration().destination()))
                .filter(other -> steering.priorityOf(other.drain()) > steering.priority())
                .filter(Clearances::wantsItsSlot)
                .toList();
        return first.size() < free
                ? null
                : ReasonCode.WAITING_FOR_PRIORITY.because("Drains of a higher priority have migrations to "
                        + situation.migration().destination() + " that begin first.");
    }

    private static boolean wantsItsSlot(Migration other) {
        Reason reason = other.position().reason();
        return other.intent() != Intent.ABORT
                && (reason == null
                        || reason.is(ReasonCode.WAITING_FOR_DESTINATION_SLOT)
                        || reason.is(ReasonCode.WAITING_FOR_PRIORITY));
    }

    private static long underWay(List<Migration> others, Predicate<Migration> there) {
        return others.stream()
                .filter(other -> other.state().holdsSlot())
                .filter(there)
                .count();
    }

    /** A member that is being brought back after an abort may still be down, so it counts as well. */
    private static @Nullable Reason cutover(Situation situation) {
        Reason steered = situation.limits().steering().mayCutOver(situation.now());
        if (steered != null) {
            return steered;
        }
        String group = situation.migration().cargo().group();
        if (group == null) {
            return null;
        }
        return situation.others().stream()
                .filter(other -> Objects.equals(other.cargo().group(), group))
                .filter(other -> other.state().inCutover() || other.state() == MigrationState.Reversible.ABORTING)
                .findFirst()
                .map(other -> ReasonCode.WAITING_FOR_GROUP.because("Group " + group + " has "
                        + other.cargo().name() + " in cutover (migration " + other.id() + ")."))
                .orElse(null);
    }
}
