package io.sluice.orchestrator.drain;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.RetiredCopyReport;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.plan.DrainPlan;
import io.sluice.orchestrator.plan.Permission;
import io.sluice.orchestrator.plan.Placement;
import io.sluice.orchestrator.plan.Refusal;
import io.sluice.orchestrator.plan.ThirdPartyMove;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.List;
import java.util.Objects;

/** What a drain moves that is not on its worker, as its migrations tell. Pure. */
record ThirdParties(List<MigrationRecord> migrations) {
    ThirdParties {
        migrations = List.copyOf(migrations);
    }

    static ThirdParties of(List<MigrationRecord> all) {
        return new ThirdParties(
                all.stream().filter(MigrationRecord::isThirdParty).toList());
    }

    /** What is left of a permission: what moved and what moves counts, what was given up does not. */
    Permission left(Permission permission) {
        Permission spent = spent();
        return permission.less(spent.volumes(), spent.bytes());
    }

    Permission spent() {
        int volumes = 0;
        long bytes = 0;
        for (MigrationRecord record : migrations) {
            if (record.state() != MigrationState.Terminal.ABORTED) {
                volumes += record.migration().cargo().volumes().size();
                bytes += record.migration().cargo().sizeBytes();
            }
        }
        return new Permission(volumes, bytes);
    }

    /** Those whose room is still to be waited for: until their worker reports that the copies are gone. */
    List<ThirdPartyMove> underWay(FleetSnapshot fleet) {
        return migrations.stream()
                .filter(record -> isUnderWay(record.migration(), fleet))
                .map(ThirdParties::move)
                .toList();
    }

    /** What an ended one left on a worker of which nothing is heard is waited for no longer. */
    private static boolean isUnderWay(Migration migration, FleetSnapshot fleet) {
        if (migration.live()) {
            return true;
        }
        Worker source = fleet.worker(migration.source());
        return migration.state() == MigrationState.Terminal.DONE
                && source != null
                && source.connected()
                && source.report() != null
                && mayHold(source.report(), migration);
    }

    private static boolean mayHold(HostReport report, Migration migration) {
        List<RetiredCopyReport> retired = report.retired();
        return retired == null
                || migration.cargo().volumes().stream()
                        .anyMatch(volume -> retired.stream()
                                .anyMatch(copy -> copy.volume().equals(volume.id()) && copy.epoch() == volume.epoch()));
    }

    private static ThirdPartyMove move(MigrationRecord record) {
        Migration migration = record.migration();
        return new ThirdPartyMove(
                migration.source(),
                new Placement(
                        migration.cargo(),
                        migration.destination(),
                        migration.route().pools(),
                        migration.route().engine(),
                        List.of()),
                Objects.requireNonNull(record.attempt().makesRoomFor()));
    }

    /** The plan with what these moves make room for waiting for them. */
    static DrainPlan awaiting(DrainPlan plan, List<ThirdPartyMove> underWay) {
        if (underWay.isEmpty()) {
            return plan;
        }
        return new DrainPlan(
                plan.worker(),
                plan.placements(),
                plan.refusals().stream()
                        .map(refusal -> awaiting(refusal, underWay))
                        .toList(),
                plan.moves(),
                plan.forecast());
    }

    private static Refusal awaiting(Refusal refusal, List<ThirdPartyMove> underWay) {
        boolean lacksRoom =
                refusal.reason().is(ReasonCode.NO_CAPACITY) || refusal.reason().is(ReasonCode.NO_ELIGIBLE_DESTINATION);
        if (!lacksRoom) {
            return refusal;
        }
        String cargo = refusal.workload() != null
                ? refusal.workload().value()
                : refusal.volumes().getFirst().value();
        List<ThirdPartyMove> itsOwn = underWay.stream()
                .filter(move -> move.makesRoomFor().equals(cargo))
                .toList();
        return itsOwn.isEmpty()
                ? refusal
                : new Refusal(refusal.workload(), refusal.volumes(), ThirdPartyMove.awaited(cargo, itsOwn));
    }
}
