package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.RetiredCopy;
import io.sluice.agent.api.RetiredCopyReport;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainOptions;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.Sighting;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.retention.RetainedCopy;
import io.sluice.orchestrator.retention.RetainedCopy.Decision;
import io.sluice.orchestrator.retention.RetainedCopy.Verdict;
import io.sluice.orchestrator.retention.RetentionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Retained copies in memory. */
final class SimulatedRetention implements RetentionStore {
    /** As the server is configured. */
    static final long RETAIN_SECONDS = 25;

    private final SimulatedDatabase database;
    private final Flaw flaw;
    private final Consumer<WorkerId> raised;
    private final Map<RetainedCopy.Key, RetainedCopy> copies = new LinkedHashMap<>();

    /** Tells of each worker whose spec differs by a decision, once that is committed. */
    SimulatedRetention(SimulatedDatabase database, Flaw flaw, Consumer<WorkerId> raised) {
        this.database = database;
        this.flaw = flaw;
        this.raised = raised;
    }

    /** With the commit that ends a migration: what its source keeps. */
    void retain(Migration done) {
        Drain drain = database.drain(done.drain());
        DrainOptions options =
                drain == null ? DrainOptions.DEFAULT : drain.order().options();
        boolean madeRoom = database.isThirdParty(done.id());
        boolean keeps = options.keepCopies() && !madeRoom;
        long seconds = madeRoom ? 0 : options.retainSeconds() == null ? RETAIN_SECONDS : options.retainSeconds();
        for (Cargo.Volume volume : done.cargo().volumes()) {
            put(new RetainedCopy(
                    new RetainedCopy.Key(done.source(), volume.id(), volume.epoch()),
                    done.id(),
                    done.drain(),
                    volume.sizeBytes(),
                    database.now(),
                    keeps ? null : database.now().plusSeconds(seconds),
                    null));
        }
    }

    private void put(RetainedCopy copy) {
        database.put(copies, copy.key(), copy);
    }

    private void decide(RetainedCopy copy, Verdict verdict, String by) {
        put(new RetainedCopy(
                copy.key(),
                copy.migration(),
                copy.drain(),
                copy.sizeBytes(),
                copy.retiredAt(),
                copy.deletableAt(),
                new Decision(verdict, database.now(), by)));
    }

    /** What a worker is told to delete, in one order. */
    List<RetiredCopy> deletions(WorkerId worker) {
        return copies.values().stream()
                .filter(copy -> copy.key().worker().equals(worker) && isToBeDeleted(copy))
                .map(copy -> new RetiredCopy(copy.key().volume(), copy.key().epoch()))
                .toList();
    }

    private static boolean isToBeDeleted(RetainedCopy copy) {
        return copy.decision() != null && copy.decision().verdict() == Verdict.DELETE;
    }

    @Override
    public List<RetainedCopy> copies() {
        return new ArrayList<>(copies.values());
    }

    @Override
    public @Nullable RetainedCopy find(RetainedCopy.Key copy) {
        return copies.get(copy);
    }

    @Override
    public boolean keep(RetainedCopy.Key key, String actor) {
        RetainedCopy copy = copies.get(key);
        if (copy == null || (isToBeDeleted(copy) && flaw.deletesForGood())) {
            return false;
        }
        decide(copy, Verdict.KEEP, actor);
        return true;
    }

    @Override
    public boolean delete(RetainedCopy.Key key, String actor) {
        RetainedCopy copy = copies.get(key);
        if (copy != null && !isToBeDeleted(copy)) {
            decide(copy, Verdict.DELETE, actor);
            raise(key.worker());
        }
        return copy != null;
    }

    @Override
    public List<WorkerId> due() {
        return copies.values().stream()
                .filter(copy -> isToBeDeleted(copy) || isOver(copy))
                .map(copy -> copy.key().worker())
                .distinct()
                .sorted()
                .toList();
    }

    private boolean isOver(RetainedCopy copy) {
        Instant at = copy.deletableAt();
        return at != null
                && !at.isAfter(database.now())
                && (copy.decision() == null || (!isToBeDeleted(copy) && !flaw.keepsForGood()))
                && !mayBeAllThereIs(copy);
    }

    /** While a host of its migration is written off. */
    private boolean mayBeAllThereIs(RetainedCopy copy) {
        SimulatedDatabase.MigrationRow row = database.migration(copy.migration());
        return row != null
                && (database.worker(row.migration().source()).writtenOff()
                        || database.worker(row.migration().destination()).writtenOff());
    }

    @Override
    public boolean settle(WorkerId worker) {
        boolean differs = false;
        for (RetainedCopy copy : copies()) {
            if (copy.key().worker().equals(worker)) {
                if (isOver(copy)) {
                    decide(copy, Verdict.DELETE, RetainedCopy.POLICY);
                    differs = true;
                } else if (isToBeDeleted(copy)
                        && !database.isLeftBehind(worker, copy.migration())
                        && isGone(copy.key())) {
                    database.put(copies, copy.key(), null);
                    differs = true;
                }
            }
        }
        if (differs) {
            raise(worker);
        }
        return differs;
    }

    private boolean isGone(RetainedCopy.Key key) {
        Sighting sighting = database.worker(key.worker()).sighting();
        List<RetiredCopyReport> retired =
                sighting == null ? null : sighting.report().retired();
        return retired != null
                && retired.stream()
                        .noneMatch(copy -> copy.volume().equals(key.volume()) && copy.epoch() == key.epoch());
    }

    private void raise(WorkerId worker) {
        database.put(database.worker(worker).raised());
        database.onCommit(() -> raised.accept(worker));
    }
}
