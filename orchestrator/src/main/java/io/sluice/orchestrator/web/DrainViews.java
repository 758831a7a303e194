package io.sluice.orchestrator.web;

import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainStatus;
import io.sluice.orchestrator.drain.HoldUp;
import io.sluice.orchestrator.drain.MigrationRecord;
import io.sluice.orchestrator.drain.PowerOff;
import io.sluice.orchestrator.drain.Proposal;
import io.sluice.orchestrator.drain.StoredPlan;
import io.sluice.orchestrator.drain.VolumeProgress;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.MigrationState.Terminal;
import io.sluice.orchestrator.plan.DrainPlan;
import io.sluice.orchestrator.plan.Placement;
import io.sluice.orchestrator.plan.Refusal;
import io.sluice.orchestrator.plan.ThirdPartyMove;
import io.sluice.orchestrator.web.DrainView.BlockerView;
import io.sluice.orchestrator.web.DrainView.BytesView;
import io.sluice.orchestrator.web.DrainView.CountsView;
import io.sluice.orchestrator.web.DrainView.HoldUpView;
import io.sluice.orchestrator.web.DrainView.SafeToPowerOffView;
import io.sluice.orchestrator.web.PlanView.ForecastView;
import io.sluice.orchestrator.web.PlanView.PlacedVolumeView;
import io.sluice.orchestrator.web.PlanView.PlacementView;
import io.sluice.orchestrator.web.PlanView.RefusalView;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Drains and plans as shown. */
final class DrainViews {
    private DrainViews() {}

    static DrainView of(DrainStatus status) {
        Instant now = status.reading().fleet().now();
        Drain drain = status.drain();
        List<MigrationRecord> moving = status.moving();
        Long exposure = sum(moving, MigrationRecord::exposureBytes);
        Long rate = rate(moving);
        Long hydrated = sum(moving, record -> hydrated(record));
        return new DrainView(
                drain.id().value(),
                drain.worker().value(),
                DrainView.Phase.valueOf(status.phase().name()),
                drain.createdAt(),
                drain.order().actor(),
                drain.order().reason(),
                drain.order().perSource(),
                drain.order().perDestination(),
                drain.order().mode(),
                LimitsView.of(drain.order().limits()),
                new DrainView.OptionsView(
                        drain.order().options().retainSeconds(),
                        drain.order().options().keepCopies()),
                drain.pausedAt(),
                status.holdUps().stream().map(holdUp -> holdUp(holdUp, now)).toList(),
                counts(status),
                new BytesView(
                        moving.stream()
                                .mapToLong(record -> record.migration().cargo().sizeBytes())
                                .sum(),
                        sum(moving, record -> record.sum(VolumeProgress::allocatedBytes)),
                        hydrated,
                        sum(moving, record -> record.regions(VolumeProgress.Regions::copiedBytes)),
                        sum(moving, record -> record.regions(VolumeProgress.Regions::skippedBytes))),
                rate,
                eta(moving, hydrated, rate),
                EtaView.of(status.estimate()),
                exposure,
                status.evacuatedAt(),
                status.drainedAt(),
                new SafeToPowerOffView(
                        status.safeToPowerOff(),
                        status.blockers().stream().map(DrainViews::blocker).toList()),
                status.refusals().stream().map(DrainViews::refusal).toList(),
                status.reading().migrations().stream()
                        .map(record -> MigrationViews.of(record, now))
                        .toList());
    }

    /** What has not reached its clone device has copied nothing yet: that is known, so it counts as 0 in a drain's sum. */
    private static @Nullable Long hydrated(MigrationRecord record) {
        Long hydrated = record.hydratedBytes();
        return hydrated == null && record.state() instanceof Reversible ? Long.valueOf(0) : hydrated;
    }

    private static @Nullable Long sum(List<MigrationRecord> records, Function<MigrationRecord, @Nullable Long> bytes) {
        long sum = 0;
        for (MigrationRecord record : records) {
            Long one = bytes.apply(record);
            if (one == null) {
                return null;
            }
            sum += one;
        }
        return sum;
    }

    private static @Nullable Long rate(List<MigrationRecord> records) {
        List<MigrationRecord> hydrating = records.stream()
                .filter(record -> record.state() == ForwardOnly.HYDRATING)
                .toList();
        return hydrating.isEmpty() ? null : sum(hydrating, MigrationRecord::bytesPerSecond);
    }

    private static @Nullable Long eta(List<MigrationRecord> moving, @Nullable Long hydrated, @Nullable Long rate) {
        if (hydrated == null || rate == null || rate <= 0) {
            return null;
        }
        long total = moving.stream()
                .mapToLong(record -> record.migration().cargo().sizeBytes())
                .sum();
        return (total - hydrated + rate - 1) / rate;
    }

    private static CountsView counts(DrainStatus status) {
        int refused = status.refusals().size();
        int aborted = status.count(Terminal.ABORTED);
        return new CountsView(
                status.latest().size()
                        + (int) status.refusals().stream()
                                .filter(refusal -> status.latest().stream().noneMatch(record -> same(record, refusal)))
                                .count(),
                status.count(Reversible.PLANNED),
                status.count(
                        Reversible.PREPARING,
                        Reversible.READY,
                        Reversible.STOPPING,
                        Reversible.CLONING,
                        Reversible.ABORTING,
                        ForwardOnly.STARTING),
                status.count(ForwardOnly.HYDRATING, ForwardOnly.SETTLING, ForwardOnly.RELEASING),
                status.count(Terminal.DONE),
                aborted,
                refused);
    }

    private static boolean same(MigrationRecord record, Refusal refusal) {
        return refusal.workload() == null
                ? record.migration().cargo().volumeIds().equals(refusal.volumes())
                : refusal.workload().equals(record.migration().cargo().workloadId());
    }

    private static HoldUpView holdUp(HoldUp holdUp, Instant now) {
        return new HoldUpView(
                holdUp.reason().code(),
                holdUp.reason().message(),
                holdUp.reason().remedy(),
                holdUp.since() == null ? null : MigrationViews.seconds(holdUp.since(), now),
                holdUp.migrations());
    }

    private static BlockerView blocker(PowerOff.Blocker blocker) {
        return new BlockerView(
                blocker.code(), blocker.message(), blocker.remedy(), blocker.subject(), blocker.sinceSeconds());
    }

    static PlansView plans(Proposal proposal) {
        return new PlansView(
                proposal.id(),
                proposal.hash(),
                proposal.expiresAt(),
                proposal.plans().stream()
                        .map(plan -> plan(new StoredPlan(proposal.id(), plan)))
                        .toList());
    }

    static PlanView plan(StoredPlan stored) {
        DrainPlan plan = stored.plan();
        return new PlanView(
                stored.id(),
                plan.hash(),
                plan.worker().value(),
                plan.placements().stream().map(DrainViews::placement).toList(),
                plan.refusals().stream().map(DrainViews::refusal).toList(),
                plan.moves().stream().map(DrainViews::move).toList(),
                plan.placements().stream().map(DrainViews::subject).toList(),
                new ForecastView(
                        plan.forecast().bytes(),
                        plan.forecast().seconds(),
                        plan.forecast().secondsAtMost(),
                        plan.forecast().exposureBytes()));
    }

    private static String subject(Placement placement) {
        return (placement.cargo().workload() == null ? "volume/" : "workload/")
                + placement.cargo().name();
    }

    private static PlacementView placement(Placement placement) {
        return new PlacementView(
                placement.cargo().workloadId() == null
                        ? null
                        : placement.cargo().workloadId().value(),
                IntStream.range(0, placement.pools().size())
                        .mapToObj(i -> new PlacedVolumeView(
                                placement.cargo().volumes().get(i).id().value(),
                                placement.cargo().volumes().get(i).sizeBytes(),
                                placement.pools().get(i).value()))
                        .toList(),
                placement.destination().value(),
                placement.engine(),
                placement.because());
    }

    private static PlanView.MoveView move(ThirdPartyMove move) {
        PlacementView placed = placement(move.placement());
        return new PlanView.MoveView(
                placed.workload(),
                placed.volumes(),
                move.source().value(),
                placed.destination(),
                placed.engine(),
                move.makesRoomFor());
    }

    private static RefusalView refusal(Refusal refusal) {
        return new RefusalView(
                refusal.workload() == null ? null : refusal.workload().value(),
                refusal.volumes().stream().map(Object::toString).toList(),
                refusal.reason().code(),
                refusal.reason().message(),
                refusal.reason().remedy());
    }
}
