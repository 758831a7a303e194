package io.sluice.orchestrator.migration;

import io.sluice.agent.api.ExportAccess;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.Incoming;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.OutgoingVolume;
import io.sluice.agent.api.RetiredCopy;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one host should hold, projected from every migration it takes part in. The migrations and the generation must come
 * from one snapshot of the store. An ended migration is not named: forgetting is not deleting. But for one that ended without this host,
 * which was written off then: it is told to clear away what it holds of it.
 */
public final class HostSpecs {
    private HostSpecs() {}

    /**
     * One migration and how its hosts meet.
     *
     * @param granted bytes/s for each volume that has a ceiling on its way; 0 is none yet
     * @param deadline of its drain; null is none
     */
    public record Part(
            Migration migration,
            Terms terms,
            Map<VolumeId, Long> granted,
            @Nullable Instant deadline) {
        public Part {
            granted = Map.copyOf(granted);
        }

        /** Without ceilings and deadline. */
        public Part(Migration migration, Terms terms) {
            this(migration, terms, Map.of(), null);
        }
    }

    /**
     * Of what a migration is granted, background copying leaves this part to what the running workload reads meanwhile: enough
     * that a read never waits for copies alone, little enough to use the ceiling. What the workload reads beyond it, its
     * agent takes off the copying.
     */
    private static final long FOREGROUND_PART = 64;

    /** Name of the export of one migrating volume (RFC 7143 §4.2.7.2). */
    public static String exportName(MigrationId migration, VolumeId volume) {
        return "iqn.2026-11.io.sluice:export." + migration + "." + volume;
    }

    public static HostSpec of(WorkerId worker, long generation, List<Part> parts) {
        return of(worker, generation, parts, List.of());
    }

    /** With the retired copies whose deletion was decided. */
    public static HostSpec of(WorkerId worker, long generation, List<Part> parts, List<RetiredCopy> deletions) {
        var outgoing = new ArrayList<Outgoing>();
        var incoming = new ArrayList<Incoming>();
        parts.stream()
                .sorted(Comparator.comparing(part -> part.migration().id()))
                .forEach(part -> {
                    Goals goals = part.migration().state() instanceof MigrationState.Terminal ended
                            ? clearingAway(ended)
                            : goals(part.migration().state());
                    if (goals == null) {
                        return;
                    }
                    if (part.migration().source().equals(worker)) {
                        outgoing.add(outgoing(part, goals.source()));
                    } else if (part.migration().destination().equals(worker)) {
                        incoming.add(incoming(part, goals.destination()));
                    }
                });
        return new HostSpec(worker, generation, outgoing, incoming, deletions);
    }

    /** What a state asks of its two hosts. */
    record Goals(OutgoingGoal source, IncomingGoal destination) {}

    /** Null where the hosts are asked for nothing. */
    static @Nullable Goals goals(MigrationState state) {
        return switch (state) {
            case MigrationState.Reversible.PLANNED -> null;
            case MigrationState.Reversible.PREPARING, MigrationState.Reversible.READY ->
                new Goals(OutgoingGoal.OFFERED, IncomingGoal.PREPARED);
            case MigrationState.Reversible.STOPPING -> new Goals(OutgoingGoal.FROZEN, IncomingGoal.PREPARED);
            case MigrationState.Reversible.CLONING -> new Goals(OutgoingGoal.FROZEN, IncomingGoal.CLONED);
            case MigrationState.Reversible.ABORTING -> new Goals(OutgoingGoal.RESTORED, IncomingGoal.DISCARDED);
            case MigrationState.ForwardOnly.STARTING -> new Goals(OutgoingGoal.FROZEN, IncomingGoal.RUNNING);
            case MigrationState.ForwardOnly.HYDRATING -> new Goals(OutgoingGoal.FROZEN, IncomingGoal.HYDRATED);
            case MigrationState.ForwardOnly.SETTLING -> new Goals(OutgoingGoal.FROZEN, IncomingGoal.SETTLED);
            case MigrationState.ForwardOnly.RELEASING -> new Goals(OutgoingGoal.RELEASED, IncomingGoal.SETTLED);
            case MigrationState.Terminal.DONE, MigrationState.Terminal.ABORTED -> null;
        };
    }

    private static Goals clearingAway(MigrationState.Terminal ended) {
        return switch (ended) {
            case DONE -> new Goals(OutgoingGoal.RELEASED, IncomingGoal.SETTLED);
            case ABORTED -> new Goals(OutgoingGoal.RESTORED, IncomingGoal.DISCARDED);
        };
    }

    private static Outgoing outgoing(Part part, OutgoingGoal goal) {
        Migration migration = part.migration();
        List<OutgoingVolume> volumes = migration.cargo().volumes().stream()
                .map(volume -> new OutgoingVolume(volume.id(), access(part, volume, exportCeiling(part, volume))))
                .toList();
        return new Outgoing(
                migration.id(),
                migration.epoch(),
                goal,
                migration.cargo().workloadId(),
                volumes,
                part.terms().retainSeconds());
    }

    private static Incoming incoming(Part part, IncomingGoal goal) {
        Migration migration = part.migration();
        List<Cargo.Volume> volumes = migration.cargo().volumes();
        List<IncomingVolume> incoming = IntStream.range(0, volumes.size())
                .mapToObj(i -> incomingVolume(part, volumes.get(i), i))
                .toList();
        return new Incoming(
                migration.id(), migration.epoch(), goal, migration.cargo().workload(), incoming);
    }

    private static IncomingVolume incomingVolume(Part part, Cargo.Volume volume, int index) {
        return new IncomingVolume(
                volume.id(),
                part.migration().route().pools().get(index),
                volume.sizeBytes(),
                volume.blockBytes(),
                part.terms().portal(),
                access(part, volume, null),
                hydration(part, volume),
                part.migration().route().engine());
    }

    /** Null while nothing is granted yet: then nothing is copied, and what the workload reads is not to be held back. */
    private static @Nullable Long exportCeiling(Part part, Cargo.Volume volume) {
        Long granted = part.granted().get(volume.id());
        return granted == null || granted == 0 ? null : granted;
    }

    /** The deadline is told once copying goes on: a change of it then asks for a new generation, and only then. */
    private static HydrationOrder hydration(Part part, Cargo.Volume volume) {
        Instant deadline = part.deadline();
        return deadline == null || part.migration().state() != MigrationState.ForwardOnly.HYDRATING
                ? pace(part, volume)
                : pace(part, volume).until(deadline.getEpochSecond());
    }

    private static HydrationOrder pace(Part part, Cargo.Volume volume) {
        Long granted = part.granted().get(volume.id());
        if (granted == null) {
            return HydrationOrder.UNLIMITED;
        }
        return granted == 0
                ? new HydrationOrder(null, true)
                : new HydrationOrder(granted - granted / FOREGROUND_PART, false);
    }

    private static ExportAccess access(Part part, Cargo.Volume volume, @Nullable Long bytesPerSecond) {
        return new ExportAccess(
                exportName(part.migration().id(), volume.id()),
                part.terms().initiator(),
                part.terms().secrets(),
                bytesPerSecond);
    }
}
