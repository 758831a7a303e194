package io.sluice.orchestrator.migration;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.Reservation;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One cargo on its way from source to destination.
 *
 * @param epoch fencing epoch: above that of every earlier copy of its volumes; fixed for the migration's life
 */
public record Migration(
        MigrationId id, DrainId drain, Cargo cargo, Route route, long epoch, Intent intent, Position position) {

    /**
     * From where to where.
     *
     * @param pools the destination's pool for each of the cargo's volumes, in their order
     * @param engine what makes the clone devices on the destination
     */
    public record Route(WorkerId source, WorkerId destination, List<PoolName> pools, CloneEngine engine) {
        public Route {
            pools = List.copyOf(pools);
            if (source.equals(destination)) {
                throw new IllegalArgumentException("source and destination are both " + source);
            }
        }
    }

    public Migration {
        if (route.pools().size() != cargo.volumes().size()) {
            throw new IllegalArgumentException("migration " + id + " needs one pool for each volume");
        }
        if (cargo.volumes().stream().anyMatch(volume -> volume.epoch() >= epoch)) {
            throw new IllegalArgumentException(
                    "migration " + id + " needs an epoch above that of every volume, not " + epoch);
        }
    }

    public MigrationState state() {
        return position.state();
    }

    public WorkerId source() {
        return route.source();
    }

    public WorkerId destination() {
        return route.destination();
    }

    public boolean live() {
        return !(state() instanceof MigrationState.Terminal);
    }

    /**
     * The group it blocks right now: no two live migrations may answer the same, which a store holds by a unique index.
     */
    public @Nullable String cutoverGroup() {
        return state().inCutover() ? cargo.group() : null;
    }

    public Migration with(Position next) {
        return new Migration(id, drain, cargo, route, epoch, intent, next);
    }

    public Migration with(Intent next) {
        return new Migration(id, drain, cargo, route, epoch, next, position);
    }

    /** What it needs on its destination, for planning. */
    public Reservation reservation() {
        List<Reservation.Space> space = IntStream.range(0, cargo.volumes().size())
                .mapToObj(i -> space(cargo.volumes().get(i).id(), i))
                .toList();
        return new Reservation(id, cargo.workloadId(), cargo.group(), source(), destination(), cargo.request(), space);
    }

    private Reservation.Space space(VolumeId volume, int index) {
        return new Reservation.Space(
                volume, route.pools().get(index), cargo.volumes().get(index).sizeBytes());
    }
}
