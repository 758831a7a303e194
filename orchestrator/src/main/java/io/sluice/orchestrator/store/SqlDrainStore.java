package io.sluice.orchestrator.store;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.drain.DrainStore;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.plan.DrainPlan;
import io.sluice.orchestrator.plan.Placement;
import io.sluice.orchestrator.plan.ThirdPartyMove;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Drains, their plans, and the migrations these make. */
@Repository
@Transactional
class SqlDrainStore implements DrainStore {
    /** Key of the advisory lock under which plans are made; any constant will do. */
    private static final long PLANNING_LOCK = 0x51_01_CE_01L;

    private final DrainEntities drains;
    private final JdbcClient sql;
    private final Json json;
    private final SecretBox secrets;
    private final Ids ids = new Ids();

    SqlDrainStore(DrainEntities drains, JdbcClient sql, Json json, SecretBox secrets) {
        this.drains = drains;
        this.sql = sql;
        this.json = json;
        this.secrets = secrets;
    }

    @Override
    public void lockPlanning() {
        sql.sql("select pg_advisory_xact_lock(?) is null")
                .param(PLANNING_LOCK)
                .query(Boolean.class)
                .single();
    }

    @Override
    public @Nullable Drain open(WorkerId worker) {
        return drains.findOpen(worker.value()).map(DrainEntity::toDrain).orElse(null);
    }

    @Override
    public @Nullable Drain find(DrainId id) {
        return drains.findById(id.value()).map(DrainEntity::toDrain).orElse(null);
    }

    @Override
    public Drain add(DrainOrder order) {
        return drains.saveAndFlush(new DrainEntity(ids.fresh("d-"), order)).toDrain();
    }

    @Override
    public void adopt(DrainId drain, DrainPlan plan, FleetSnapshot fleet) {
        sql.sql("insert into plan (id, drain, hash, plan) values (:id, :drain, :hash, :plan::jsonb)")
                .param("id", ids.fresh("p-"))
                .param("drain", drain.value())
                .param("hash", plan.hash())
                .param("plan", json.text(plan))
                .update();
        int position = sql.sql("select count(*) from migration where drain = ?")
                .param(drain.value())
                .query(Integer.class)
                .single();
        Epochs epochs = epochs(plan, fleet);
        for (ThirdPartyMove move : plan.moves()) {
            Placement placement = move.placement();
            migration(
                    new Place(drain, position, move.source(), move.makesRoomFor()),
                    placement,
                    epochs.fresh(placement.cargo()));
            position++;
        }
        for (Placement placement : plan.placements()) {
            migration(new Place(drain, position, plan.worker(), null), placement, epochs.fresh(placement.cargo()));
            position++;
        }
        epochs.keep(sql, json);
    }

    /**
     * What a migration is in its drain.
     *
     * @param makesRoomFor null where it leaves the drained worker
     */
    private record Place(
            DrainId drain,
            int position,
            WorkerId source,
            @Nullable String makesRoomFor) {}

    /** One statement: the migration, its volumes and its first event. */
    private void migration(Place place, Placement placement, long epoch) {
        Cargo cargo = placement.cargo();
        MigrationId id = new MigrationId(ids.fresh("m-"));
        String workload =
                cargo.workload() == null ? null : cargo.workload().id().value();
        sql.sql("""
                        with made as (
                            insert into migration (id, drain, position, attempt, cargo_name, workload, workload_group, cargo, source,
                                destination, pools, engine, state, epoch, secrets, retain_seconds, makes_room_for)
                            values (:id, :drain, :position,
                                1 + (select count(*) from migration p where p.drain = :drain and p.cargo_name = :name),
                                :name, :workload, :group, :cargo::jsonb, :source, :destination,
                                string_to_array(:pools, ','), :engine, 'Planned', :epoch, :secrets, :retain, :makesRoomFor)
                            returning id, drain),
                        told as (
                            insert into migration_event (migration, drain, to_state, version) select id, drain, 'Planned', 0 from made)
                        insert into migration_volume (migration, live, volume, ordinal, source_pool, destination_pool, size_bytes,
                            block_bytes, allocated_bytes)
                        select made.id, true, v.volume, v.ordinal, v.source, v.destination, v.size, v.block, v.allocated
                        from made, jsonb_to_recordset(:volumes::jsonb) as v(volume text, ordinal integer, source text,
                            destination text, size bigint, block integer, allocated bigint)""")
                .param("id", id.value())
                .param("drain", place.drain().value())
                .param("position", place.position())
                .param("makesRoomFor", place.makesRoomFor())
                .param("name", cargo.name())
                .param("workload", workload)
                .param("group", cargo.group())
                .param("cargo", json.text(cargo))
                .param("source", place.source().value())
                .param("destination", placement.destination().value())
                .param(
                        "pools",
                        String.join(
                                ",",
                                placement.pools().stream().map(Object::toString).toList()))
                .param("engine", placement.engine().name())
                .param("epoch", epoch)
                .param("secrets", secrets.seal(id, secrets.make(id)))
                .param("retain", Outgoing.UNTIL_TOLD_SECONDS)
                .param("volumes", json.text(volumes(placement)))
                .update();
    }

    private record PlacedVolume(
            String volume,
            int ordinal,
            String source,
            String destination,
            long size,
            int block,
            @Nullable Long allocated) {}

    private static List<PlacedVolume> volumes(Placement placement) {
        List<PlacedVolume> volumes = new ArrayList<>();
        for (Cargo.Volume volume : placement.cargo().volumes()) {
            int ordinal = volumes.size();
            volumes.add(new PlacedVolume(
                    volume.id().value(),
                    ordinal,
                    volume.pool().value(),
                    placement.pools().get(ordinal).value(),
                    volume.sizeBytes(),
                    volume.blockBytes(),
                    volume.allocatedBytes()));
        }
        return volumes;
    }

    private Epochs epochs(DrainPlan plan, FleetSnapshot fleet) {
        List<Cargo> cargos = plan.all().stream().map(Placement::cargo).toList();
        Set<VolumeId> volumes =
                cargos.stream().flatMap(cargo -> cargo.volumeIds().stream()).collect(Collectors.toSet());
        Map<String, Long> given = new HashMap<>();
        sql.sql(Epochs.GIVEN)
                .param(
                        "subjects",
                        cargos.stream()
                                .flatMap(cargo -> Epochs.subjects(cargo).stream())
                                .collect(Collectors.joining(",")))
                .query((RowCallbackHandler) row -> given.put(row.getString("subject"), row.getLong("epoch")));
        return new Epochs(fleet.newestEpochs(volumes), given);
    }

    @Override
    public void requestCancel(DrainId drain) {
        drains.requestCancel(drain.value());
        sql.sql("update migration set intent = 'ABORT' where drain = ? and live")
                .param(drain.value())
                .update();
    }

    @Override
    public void evacuated(DrainId drain, Instant at) {
        drains.evacuated(drain.value(), at);
    }

    @Override
    public void drained(DrainId drain, Instant at) {
        drains.drained(drain.value(), at);
    }

    @Override
    public void close(DrainId drain, Drain.Outcome outcome) {
        drains.close(drain.value(), outcome.name());
    }

    @Override
    public void cordon(WorkerId worker, boolean cordoned) {
        sql.sql("update worker set cordoned = :cordoned where id = :id")
                .param("cordoned", cordoned)
                .param("id", worker.value())
                .update();
    }

    @Override
    public Left left(DrainId drain) {
        return sql.sql("""
            select count(*) filter (where workload is not null and state not in ('Hydrating', 'Settling', 'Releasing')),
                count(*)
            from migration where drain = ? and live and makes_room_for is null\
            """)
                .param(drain.value())
                .query((row, number) -> new Left(row.getInt(1), row.getInt(2)))
                .single();
    }

    @Override
    public List<MigrationId> liveThirdParties(DrainId drain) {
        return sql.sql("select id from migration where drain = ? and live and makes_room_for is not null"
                        + " order by position, id")
                .param(drain.value())
                .query((row, number) -> new MigrationId(row.getString(1)))
                .list();
    }

    @Override
    public List<MigrationId> live(DrainId drain) {
        return sql.sql("select id from migration where drain = ? and live order by position, id")
                .param(drain.value())
                .query((row, number) -> new MigrationId(row.getString(1)))
                .list();
    }
}
