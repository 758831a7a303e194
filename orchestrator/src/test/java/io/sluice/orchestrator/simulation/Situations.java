package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.testing.FakeHost;
import io.sluice.orchestrator.drain.DrainReading;
import io.sluice.orchestrator.drain.FleetReading;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Sighting;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.migration.HostSpecs;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Position;
import io.sluice.orchestrator.migration.Situation;
import io.sluice.orchestrator.migration.Terms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What broken variants see in place of what is. */
final class Situations {
    private Situations() {}

    private static Situation with(
            Situation it,
            @Nullable Sighting source,
            @Nullable Sighting destination,
            boolean open,
            List<Migration> others) {
        return new Situation(
                it.migration(),
                it.now(),
                source,
                destination,
                it.generations(),
                open,
                others,
                it.limits(),
                it.rooms(),
                it.writtenOff());
    }

    static Situation alone(Situation it) {
        return with(it, it.source(), it.destination(), it.destinationOpen(), List.of());
    }

    /** Others of its group that share no host are out of sight. */
    static Situation withoutGroups(Situation it) {
        List<Migration> others = it.others().stream()
                .filter(other -> it.migration().cargo().group() == null
                        || !it.migration().cargo().group().equals(other.cargo().group()))
                .toList();
        return with(it, it.source(), it.destination(), it.destinationOpen(), others);
    }

    static Situation open(Situation it) {
        return with(it, it.source(), it.destination(), true, it.others());
    }

    static Situation upToDate(Situation it) {
        return with(it, upToDate(it.source()), upToDate(it.destination()), it.destinationOpen(), it.others());
    }

    private static @Nullable Sighting upToDate(@Nullable Sighting sighting) {
        if (sighting == null) {
            return null;
        }
        HostReport it = sighting.report();
        return new Sighting(
                report(it, Long.MAX_VALUE, it.volumes(), it.workloads(), it.exports(), it.incoming()), sighting.at());
    }

    /** The source seems to have stopped and frozen whatever it exports. */
    static Situation frozen(Situation it) {
        Sighting sighting = it.source();
        if (sighting == null || it.migration().state() != MigrationState.Reversible.STOPPING) {
            return it;
        }
        HostReport seen = sighting.report();
        List<VolumeReport> volumes = seen.volumes().stream()
                .map(v -> it.migration().cargo().volumeIds().contains(v.volume())
                        ? new VolumeReport(
                                v.volume(),
                                v.pool(),
                                v.sizeBytes(),
                                v.blockBytes(),
                                v.allocatedBytes(),
                                v.epoch(),
                                VolumeRole.FROZEN,
                                false,
                                null)
                        : v)
                .toList();
        List<WorkloadReport> workloads = seen.workloads().stream()
                .map(w -> new WorkloadReport(w.definition(), WorkloadStatus.STOPPED, w.epoch(), true))
                .toList();
        List<ExportReport> exports = seen.exports().stream()
                .map(e -> new ExportReport(e.migration(), e.volume(), e.target(), true, e.sessions(), e.bytesServed()))
                .toList();
        HostReport claimed = report(seen, seen.appliedGeneration(), volumes, workloads, exports, seen.incoming());
        return with(it, new Sighting(claimed, sighting.at()), it.destination(), it.destinationOpen(), it.others());
    }

    private static HostReport report(
            HostReport it,
            long applied,
            List<VolumeReport> volumes,
            List<WorkloadReport> workloads,
            List<ExportReport> exports,
            List<IncomingVolumeReport> incoming) {
        return new HostReport(
                it.worker(),
                it.incarnation(),
                it.sequence(),
                applied,
                it.bootId(),
                it.actionsPending(),
                it.pools(),
                volumes,
                workloads,
                exports,
                incoming,
                it.failures(),
                it.retired(),
                it.capabilities());
    }

    static HostReport withoutRetired(HostReport it) {
        return new HostReport(
                it.worker(),
                it.incarnation(),
                it.sequence(),
                it.appliedGeneration(),
                it.bootId(),
                it.actionsPending(),
                it.pools(),
                it.volumes(),
                it.workloads(),
                it.exports(),
                it.incoming(),
                it.failures(),
                List.of(),
                it.capabilities());
    }

    static HostReport withoutInFlight(HostReport it, FakeHost host) {
        List<ExportReport> exports = it.exports().stream()
                .filter(export -> host.exports().stream()
                        .anyMatch(open -> open.order().migration().equals(export.migration())
                                && open.order().volume().equals(export.volume())))
                .toList();
        List<IncomingVolumeReport> incoming = it.incoming().stream()
                .filter(volume -> host.volume(volume.volume()) != null)
                .toList();
        return report(it, it.appliedGeneration(), it.volumes(), it.workloads(), exports, incoming);
    }

    /** A host is told of a migration in the one state as if it were in the other. */
    static HostSpecs.Part as(HostSpecs.Part part, MigrationState state, MigrationState instead) {
        Migration migration = part.migration();
        Position at = migration.position();
        if (migration.state() != state) {
            return part;
        }
        Position shown = new Position(
                instead,
                at.version(),
                at.since(),
                at.deadline(),
                at.generations(),
                at.cause(),
                at.reason(),
                at.reasonSince());
        return new HostSpecs.Part(migration.with(shown), part.terms(), part.granted(), part.deadline());
    }

    static HostSpecs.Part keptFor(HostSpecs.Part part, long seconds) {
        Terms terms = part.terms();
        return new HostSpecs.Part(
                part.migration(),
                new Terms(terms.portal(), terms.initiator(), terms.secrets(), seconds),
                part.granted(),
                part.deadline());
    }

    /** As if no host had kept a copy. */
    static FleetReading withoutRetired(FleetReading fleet) {
        return new FleetReading(
                fleet.now(),
                fleet.workers().stream()
                        .map(reading -> new FleetReading.WorkerReading(
                                withoutRetired(reading.worker()),
                                reading.lastSeen(),
                                reading.agentVersion(),
                                reading.drain(),
                                reading.mode(),
                                reading.writtenOff()))
                        .toList(),
                fleet.reservations());
    }

    private static Worker withoutRetired(Worker worker) {
        HostReport report = worker.report();
        return report == null
                ? worker
                : new Worker(
                        worker.profile(),
                        worker.connected(),
                        worker.cordoned(),
                        worker.draining(),
                        new HostReport(
                                report.worker(),
                                report.incarnation(),
                                report.sequence(),
                                report.appliedGeneration(),
                                report.bootId(),
                                report.actionsPending(),
                                report.pools(),
                                report.volumes(),
                                report.workloads(),
                                report.exports(),
                                report.incoming(),
                                report.failures(),
                                List.of(),
                                report.capabilities()));
    }

    /** Who moves is known, what that needs is not. */
    static FleetReading unreserved(FleetReading fleet) {
        List<Reservation> nothing = fleet.reservations().stream()
                .map(live -> new Reservation(
                        live.migration(),
                        live.workload(),
                        live.group(),
                        live.source(),
                        live.destination(),
                        ResourceRequest.NONE,
                        live.volumes().stream()
                                .map(space -> new Reservation.Space(space.volume(), space.pool(), 0))
                                .toList()))
                .toList();
        return new FleetReading(fleet.now(), fleet.workers(), nothing);
    }

    /** Frozen volumes and live migrations seem to be nobody's need. */
    static DrainReading withoutDependencies(DrainReading it) {
        List<FleetReading.WorkerReading> workers = it.fleet().workers().stream()
                .map(reading -> new FleetReading.WorkerReading(
                        withoutFrozen(reading.worker()),
                        reading.lastSeen(),
                        reading.agentVersion(),
                        reading.drain(),
                        reading.mode(),
                        reading.writtenOff()))
                .toList();
        return new DrainReading(
                it.drain(), new FleetReading(it.fleet().now(), workers, List.of()), it.migrations(), it.newestPlan());
    }

    private static Worker withoutFrozen(Worker worker) {
        HostReport report = worker.report();
        if (report == null) {
            return worker;
        }
        List<VolumeReport> volumes = report.volumes().stream()
                .filter(volume -> volume.role() != VolumeRole.FROZEN)
                .toList();
        List<WorkloadReport> workloads =
                report.workloads().stream().filter(one -> !one.held()).toList();
        return new Worker(
                worker.profile(),
                worker.connected(),
                worker.cordoned(),
                worker.draining(),
                report(report, report.appliedGeneration(), volumes, workloads, report.exports(), report.incoming()));
    }
}
