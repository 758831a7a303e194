package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.ceiling.CeilingStore;
import io.sluice.orchestrator.ceiling.Grant;
import io.sluice.orchestrator.ceiling.PacedVolume;
import io.sluice.orchestrator.ceiling.PacingStore;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.fleet.Ceiling;
import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Room;
import io.sluice.orchestrator.reason.ReasonCode;
import io.sluice.orchestrator.simulation.SimulatedDatabase.WorkerRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** Ceilings, and the rates under them, in memory. */
final class SimulatedPacing implements PacingStore, CeilingStore {
    private final SimulatedDatabase database;
    private final Flaw flaw;
    private final Listener listener;
    private final Map<Link, Ceiling> ceilings = new LinkedHashMap<>();
    private final Map<Key, Rate> rates = new LinkedHashMap<>();
    private long rounds;

    private record Key(MigrationId migration, VolumeId volume) {}

    /** What {@code migration_volume} keeps of a rate; null is none. */
    private record Rate(long granted, @Nullable Long loose, Generations paced) {}

    /** Told of what has been committed. */
    interface Listener {
        Listener NONE = new Listener() {};

        default void ceilingsChanged() {}

        /** The migration's hosts have these generations with their new rates. */
        default void granted(Migration migration, List<Grant> grants, Generations with) {}
    }

    SimulatedPacing(SimulatedDatabase database, Flaw flaw, Listener listener) {
        this.database = database;
        this.flaw = flaw;
        this.listener = listener;
    }

    @Override
    public Ceilings ceilings() {
        return new Ceilings(ceilings);
    }

    @Override
    public Map<Link, Integer> taken() {
        Map<Link, Integer> taken = new HashMap<>();
        for (Migration live : database.live()) {
            if (live.state() != MigrationState.Reversible.PLANNED) {
                path(live).forEach(link -> taken.merge(link, 1, Integer::sum));
            }
        }
        return taken;
    }

    @Override
    public void set(Link link, @Nullable Ceiling ceiling, String actor) {
        database.put(ceilings, link, ceiling);
        database.onCommit(listener::ceilingsChanged);
    }

    /** Everything that a migration crosses. */
    SequencedSet<Link> path(Migration migration) {
        return Link.path(
                migration.source(),
                database.worker(migration.source()).profile().location(),
                migration.destination(),
                database.worker(migration.destination()).profile().location());
    }

    /** What ceilings leave to one that has not begun. */
    List<Room> rooms(Migration migration) {
        boolean counted = ceilings.values().stream().anyMatch(ceiling -> ceiling.migrations() != null);
        return counted && migration.state() == MigrationState.Reversible.PLANNED
                ? Room.of(path(migration), ceilings(), taken())
                : List.of();
    }

    boolean stillRoom(List<Room> rooms) {
        if (rooms.isEmpty() || !flaw.countsPlacesAgain()) {
            return true;
        }
        Map<Link, Integer> taken = taken();
        return rooms.stream().noneMatch(room -> taken.getOrDefault(room.link(), 0) >= room.most());
    }

    /** Where there are ceilings on bytes, copying begins with the first rate it is granted. */
    void holdBack(Migration migration) {
        if (ceilings().onBytes()) {
            for (VolumeId volume : migration.cargo().volumeIds()) {
                database.put(rates, new Key(migration.id(), volume), new Rate(0, null, Generations.NONE));
            }
        }
    }

    /** As the specs of its hosts say; null for what has no rate. */
    Map<VolumeId, Long> granted(Migration migration) {
        Map<VolumeId, Long> granted = new HashMap<>();
        for (VolumeId volume : migration.cargo().volumeIds()) {
            Rate rate = rates.get(new Key(migration.id(), volume));
            if (rate != null && rate.granted() != PacedVolume.UNLIMITED) {
                granted.put(volume, rate.granted());
            }
        }
        return granted;
    }

    @Override
    public boolean paced() {
        return database.live().stream()
                .flatMap(live -> live.cargo().volumeIds().stream().map(volume -> rates.get(new Key(live.id(), volume))))
                .anyMatch(rate -> rate != null && (rate.granted() != PacedVolume.UNLIMITED || rate.loose() != null));
    }

    @Override
    public List<PacedVolume> copying() {
        List<PacedVolume> copying = new ArrayList<>();
        for (Migration live : database.live()) {
            if (live.state() == MigrationState.ForwardOnly.HYDRATING) {
                for (VolumeId volume : live.cargo().volumeIds()) {
                    if (!isWhole(live, volume)) {
                        copying.add(paced(live, volume));
                    }
                }
            }
        }
        return copying;
    }

    private boolean isWhole(Migration migration, VolumeId volume) {
        var sighting = database.worker(migration.destination()).sighting();
        return sighting != null
                && sighting.report().incoming().stream()
                        .filter(one -> one.migration().equals(migration.id())
                                && one.volume().equals(volume))
                        .map(IncomingVolumeReport::hydration)
                        .anyMatch(hydration ->
                                hydration != null && hydration.hydratedRegions() == hydration.totalRegions());
    }

    private PacedVolume paced(Migration migration, VolumeId volume) {
        Rate rate = rates.get(new Key(migration.id(), volume));
        long granted = rate == null ? PacedVolume.UNLIMITED : rate.granted();
        Drain drain = database.drain(migration.drain());
        int priority = drain == null ? 0 : drain.order().limits().priority();
        return new PacedVolume(
                migration.id(),
                volume,
                path(migration),
                PacedVolume.weight(priority),
                granted,
                Math.max(granted, loose(migration, rate)),
                database.live().stream().anyMatch(other -> disturbs(other, migration)));
    }

    /** What its hosts may still keep to beside what is granted; one of them has converged on the newest rate, or both may not. */
    private long loose(Migration migration, @Nullable Rate rate) {
        if (rate == null || rate.loose() == null || !flaw.awaitsLowerRates()) {
            return 0;
        }
        WorkerRow source = database.worker(migration.source());
        WorkerRow destination = database.worker(migration.destination());
        boolean known = source.converged() >= rate.paced().source()
                || destination.converged() >= rate.paced().destination();
        return known ? 0 : rate.loose();
    }

    private boolean disturbs(Migration other, Migration migration) {
        Instant deadline = other.position().deadline();
        return other.state().inCutover()
                && deadline != null
                && deadline.isAfter(database.now())
                && (touches(other, migration.source()) || touches(other, migration.destination()));
    }

    private static boolean touches(Migration migration, WorkerId worker) {
        return migration.source().equals(worker) || migration.destination().equals(worker);
    }

    @Override
    public long begin() {
        return ++rounds;
    }

    @Override
    public boolean grant(long round, MigrationId id, List<Grant> grants) {
        SimulatedDatabase.MigrationRow row = database.migration(id);
        if (row == null || row.migration().state() != MigrationState.ForwardOnly.HYDRATING || round != rounds) {
            return false;
        }
        Migration migration = row.migration();
        for (WorkerId host : List.of(migration.source(), migration.destination())) {
            database.put(database.worker(host).raised());
        }
        Generations with = database.generations(migration);
        database.onCommit(() -> listener.granted(migration, grants, with));
        for (Grant grant : grants) {
            Key key = new Key(id, grant.volume());
            Rate before = rates.get(key);
            long held = before == null ? PacedVolume.UNLIMITED : before.granted();
            database.put(rates, key, new Rate(grant.bytesPerSecond(), Math.max(held, loose(migration, before)), with));
        }
        return true;
    }

    @Override
    public List<MigrationId> waiting() {
        return database.live().stream()
                .filter(live -> live.state() == MigrationState.Reversible.PLANNED
                        && live.position().reason() != null
                        && live.position().reason().is(ReasonCode.WAITING_FOR_CEILING))
                .map(Migration::id)
                .toList();
    }
}
