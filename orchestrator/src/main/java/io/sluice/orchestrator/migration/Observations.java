package io.sluice.orchestrator.migration;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.Sighting;
import io.sluice.orchestrator.migration.Observation.Contact;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads both hosts' latest reports for one migration. A report counts only if its agent had applied at least the generation
 * committed with the migration's present state.
 */
public final class Observations {
    private Observations() {}

    public static Observation of(Situation situation) {
        Migration migration = situation.migration();
        return new Observation(
                situation.now(),
                source(situation),
                destination(situation),
                Clearances.of(situation),
                situation.writtenOff().contains(migration.source()),
                situation.writtenOff().contains(migration.destination()));
    }

    private static Observation.Source source(Situation situation) {
        Migration migration = situation.migration();
        Sighting sighting = situation.source();
        Contact contact =
                contact(situation, sighting, migration.position().generations().source());
        if (contact != Contact.CURRENT || sighting == null) {
            return new Observation.Source(contact, false, false, false, List.of());
        }
        HostReport report = sighting.report();
        return new Observation.Source(
                contact,
                frozen(migration, report),
                released(migration, report),
                restored(migration, report),
                failures(migration, report));
    }

    private static Observation.Destination destination(Situation situation) {
        Migration migration = situation.migration();
        Sighting sighting = situation.destination();
        Contact contact =
                contact(situation, sighting, migration.position().generations().destination());
        if (contact != Contact.CURRENT || sighting == null) {
            return new Observation.Destination(
                    contact, false, false, false, false, false, false, 0, false, List.of(), List.of(), List.of());
        }
        HostReport report = sighting.report();
        List<IncomingVolumeReport> incoming = incoming(migration, report);
        return new Observation.Destination(
                contact,
                every(migration, incoming, volume -> volume.stage().compareTo(IncomingStage.ATTACHED) >= 0),
                every(migration, incoming, volume -> volume.stage().compareTo(IncomingStage.CLONED) >= 0),
                running(migration, report),
                every(migration, incoming, Observations::hydrated),
                every(migration, incoming, Observations::settled),
                discarded(migration, report),
                incoming.stream().mapToLong(Observations::mismatches).sum(),
                incoming.stream().allMatch(Observations::connected),
                incoming.stream()
                        .flatMap(Observations::sessionFailure)
                        .distinct()
                        .toList(),
                incoming.stream().flatMap(Observations::missing).toList(),
                failures(migration, report));
    }

    /**
     * Whether a host that its migration ended without holds nothing of it any more, by a report made after it was told to clear
     * that away. While a host cannot read all that its pools hold, it lists no retired copies: then what it does not show may be there.
     */
    public static boolean cleared(Migration migration, WorkerId host, HostReport report) {
        if (report.retired() == null) {
            return false;
        }
        if (host.equals(migration.destination())) {
            return discarded(migration, report);
        }
        return migration.state() == MigrationState.Terminal.DONE
                ? released(migration, report)
                : letGo(migration, report);
    }

    /** As {@link #restored}, of a host whose disks may be others than before: what is not there need not come back. */
    private static boolean letGo(Migration migration, HostReport report) {
        WorkloadReport workload = workload(migration, report);
        return (workload == null || !workload.held())
                && exports(migration, report).findAny().isEmpty()
                && migration.cargo().volumeIds().stream()
                        .flatMap(id -> copies(report, id))
                        .noneMatch(copy -> copy.role() == VolumeRole.FROZEN);
    }

    private static Contact contact(Situation situation, @Nullable Sighting sighting, long generation) {
        if (sighting == null
                || sighting.at().plus(situation.limits().silentAfter()).isBefore(situation.now())) {
            return Contact.SILENT;
        }
        return sighting.report().appliedGeneration() >= generation ? Contact.CURRENT : Contact.BEHIND;
    }

    private static boolean frozen(Migration migration, HostReport report) {
        WorkloadReport workload = workload(migration, report);
        boolean stopped = migration.cargo().workload() == null
                || (workload != null && workload.status() == WorkloadStatus.STOPPED && workload.held());
        return stopped
                && migration.cargo().volumeIds().stream()
                        .allMatch(id -> frozenVolume(report, id) && frozenExport(migration, report, id));
    }

    private static boolean frozenVolume(HostReport report, VolumeId id) {
        return copies(report, id).anyMatch(copy -> copy.role() == VolumeRole.FROZEN && !copy.writable());
    }

    private static boolean frozenExport(Migration migration, HostReport report, VolumeId id) {
        return exports(migration, report).anyMatch(export -> export.volume().equals(id) && export.frozen());
    }

    private static boolean released(Migration migration, HostReport report) {
        return exports(migration, report).findAny().isEmpty()
                && workload(migration, report) == null
                && migration.cargo().volumeIds().stream()
                        .flatMap(id -> copies(report, id))
                        .allMatch(copy -> copy.role() == VolumeRole.RETIRED);
    }

    private static boolean restored(Migration migration, HostReport report) {
        WorkloadReport workload = workload(migration, report);
        boolean back = migration.cargo().workload() == null
                || (workload != null
                        && !workload.held()
                        && (!migration.cargo().wasRunning() || workload.status() == WorkloadStatus.RUNNING));
        return back
                && exports(migration, report).findAny().isEmpty()
                && migration.cargo().volumeIds().stream()
                        .allMatch(id -> copies(report, id)
                                .anyMatch(copy -> copy.role() == VolumeRole.OWNED && copy.writable()));
    }

    private static boolean running(Migration migration, HostReport report) {
        WorkloadReport workload = workload(migration, report);
        boolean runs = migration.cargo().workload() == null
                || (workload != null && workload.status() == WorkloadStatus.RUNNING);
        return runs
                && migration.cargo().volumeIds().stream()
                        .allMatch(id -> copies(report, id)
                                .anyMatch(
                                        copy -> copy.role() == VolumeRole.OWNED && copy.epoch() == migration.epoch()));
    }

    private static boolean discarded(Migration migration, HostReport report) {
        return incoming(migration, report).isEmpty()
                && migration.cargo().volumeIds().stream()
                        .flatMap(id -> copies(report, id))
                        .noneMatch(copy -> copy.epoch() == migration.epoch());
    }

    private static boolean hydrated(IncomingVolumeReport volume) {
        HydrationReport hydration = volume.hydration();
        return volume.stage() == IncomingStage.LINEAR || (hydration != null && hydration.complete());
    }

    private static boolean settled(IncomingVolumeReport volume) {
        return volume.stage() == IncomingStage.LINEAR
                && volume.attachment() == null
                && volume.verification() != null
                && mismatches(volume) == 0;
    }

    private static long mismatches(IncomingVolumeReport volume) {
        return volume.verification() == null ? 0 : volume.verification().mismatchedRegions();
    }

    private static boolean connected(IncomingVolumeReport volume) {
        return volume.stage() == IncomingStage.LINEAR
                || (volume.attachment() != null && volume.attachment().connected());
    }

    private static Stream<AttachmentFailure> sessionFailure(IncomingVolumeReport volume) {
        return volume.attachment() == null || connected(volume)
                ? Stream.empty()
                : Stream.ofNullable(volume.attachment().failure());
    }

    private static Stream<Observation.Missing> missing(IncomingVolumeReport volume) {
        HydrationReport hydration = volume.hydration();
        return hydration == null || hydration.missing() == null
                ? Stream.empty()
                : Stream.of(new Observation.Missing(volume.volume(), hydration.missing()));
    }

    /** Holds for every volume of the cargo, each under this migration's epoch. */
    private static boolean every(
            Migration migration, List<IncomingVolumeReport> incoming, Predicate<IncomingVolumeReport> holds) {
        return migration.cargo().volumeIds().stream()
                .allMatch(id -> incoming.stream()
                        .filter(volume -> volume.volume().equals(id) && volume.epoch() == migration.epoch())
                        .anyMatch(holds));
    }

    private static List<IncomingVolumeReport> incoming(Migration migration, HostReport report) {
        return report.incoming().stream()
                .filter(volume -> volume.migration().equals(migration.id()))
                .toList();
    }

    private static Stream<ExportReport> exports(Migration migration, HostReport report) {
        return report.exports().stream().filter(export -> export.migration().equals(migration.id()));
    }

    private static Stream<VolumeReport> copies(HostReport report, VolumeId id) {
        return report.volumes().stream().filter(volume -> volume.volume().equals(id));
    }

    private static @Nullable WorkloadReport workload(Migration migration, HostReport report) {
        return report.workloads().stream()
                .filter(workload -> Objects.equals(
                        workload.definition().id(), migration.cargo().workloadId()))
                .findFirst()
                .orElse(null);
    }

    private static List<FailureReport> failures(Migration migration, HostReport report) {
        return report.failures().stream()
                .filter(failure -> migration.id().equals(failure.migration()))
                .toList();
    }
}
