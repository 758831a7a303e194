package io.sluice.orchestrator.web;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainReader;
import io.sluice.orchestrator.drain.DrainReading;
import io.sluice.orchestrator.drain.DrainStatus;
import io.sluice.orchestrator.drain.FleetReading;
import io.sluice.orchestrator.drain.MigrationRecord;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Everything there is to see, as view records; for the REST controllers and the pages alike. An unknown id is a 404 problem. */
@Component
public class Views {
    /** Enough for every list a person reads; paging comes with the first fleet that needs it. */
    private static final int MAX_MIGRATIONS = 1000;

    private final DrainReader reader;

    Views(DrainReader reader) {
        this.reader = reader;
    }

    public List<WorkerView> workers() {
        FleetReading fleet = reader.fleet();
        return fleet.workers().stream()
                .map(reading -> WorkerViews.worker(fleet, reading))
                .toList();
    }

    public WorkerView worker(String id) {
        FleetReading fleet = reader.fleet();
        return fleet.workers().stream()
                .filter(reading -> reading.worker().id().value().equals(id))
                .map(reading -> WorkerViews.worker(fleet, reading))
                .findFirst()
                .orElseThrow(() -> ProblemException.unknown("worker", id));
    }

    /** The id of a worker there is. */
    WorkerId requireWorker(String id) {
        return new WorkerId(worker(id).id());
    }

    public List<VolumeView> volumes() {
        return WorkerViews.volumes(reader.fleet(), worker -> true);
    }

    /** Those on these workers. */
    public List<VolumeView> volumes(Set<String> workers) {
        return WorkerViews.volumes(reader.fleet(), worker -> workers.contains(worker.value()));
    }

    /** Those that are open, and so many of those that ended. */
    public List<DrainView> drains(int ended) {
        return reader.drains(ended).stream()
                .map(drain -> drain(drain.id().value()))
                .toList();
    }

    public DrainView drain(String id) {
        DrainReading reading = id.isBlank() ? null : reader.reading(new DrainId(id));
        if (reading == null) {
            throw ProblemException.unknown("drain", id);
        }
        return DrainViews.of(DrainStatus.of(reading));
    }

    Drain requireDrain(String id) {
        Drain drain = id.isBlank() ? null : reader.drain(new DrainId(id));
        if (drain == null) {
            throw ProblemException.unknown("drain", id);
        }
        return drain;
    }

    public PlanView plan(String drain) {
        return DrainViews.plan(Objects.requireNonNull(
                reader.newestPlan(requireDrain(drain).id()), "a drain is made together with its plan"));
    }

    public List<MigrationView> migrations() {
        Instant now = reader.now();
        return reader.migrations(MAX_MIGRATIONS).stream()
                .map(record -> MigrationViews.of(record, now))
                .toList();
    }

    public MigrationView migration(String id) {
        return MigrationViews.of(record(id), reader.now());
    }

    /** The id of a migration there is. */
    MigrationId requireMigration(String id) {
        return record(id).migration().id();
    }

    /** The newest migration of the same cargo in the same drain. */
    MigrationView newest(MigrationId id) {
        MigrationRecord known = record(id.value());
        MigrationRecord newest = reader.migrations(known.migration().drain()).stream()
                .filter(other -> other.migration()
                        .cargo()
                        .name()
                        .equals(known.migration().cargo().name()))
                .reduce(known, (earlier, later) -> later);
        return MigrationViews.of(newest, reader.now());
    }

    private MigrationRecord record(String id) {
        MigrationRecord record;
        try {
            record = reader.migration(new MigrationId(id));
        } catch (IllegalArgumentException e) {
            throw ProblemException.unknown("migration", id);
        }
        if (record == null) {
            throw ProblemException.unknown("migration", id);
        }
        return record;
    }
}
