package io.sluice.orchestrator.store;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainLimits;
import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.drain.DrainOptions;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.plan.Permission;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import org.hibernate.annotations.Generated;
import org.jspecify.annotations.Nullable;

/** A row of {@code drain}. Its times are written by statements, with the database's clock. */
@Entity
@Table(name = "drain")
class DrainEntity {
    @Id
    private @Nullable String id;

    private @Nullable String worker;
    private @Nullable String actor;
    private @Nullable String reason;

    @Column(name = "max_concurrent_per_source")
    private int perSource;

    @Column(name = "max_concurrent_per_destination")
    private int perDestination;

    private @Nullable String mode;
    private int priority;

    @Column(name = "not_before")
    private @Nullable Instant notBefore;

    private @Nullable String windows;

    @Column(name = "deadline_at")
    private @Nullable Instant deadlineAt;

    @Column(name = "deadline_missed")
    private @Nullable String deadlineMissed;

    @Column(name = "retain_seconds")
    private @Nullable Long retainSeconds;

    @Column(name = "keep_copies")
    private boolean keepCopies;

    @Column(name = "third_party_volumes")
    private @Nullable Integer thirdPartyVolumes;

    @Column(name = "third_party_bytes")
    private @Nullable Long thirdPartyBytes;

    @Column(name = "paused_at", insertable = false, updatable = false)
    private @Nullable Instant pausedAt;

    @Generated
    @Column(name = "created_at", insertable = false, updatable = false)
    private @Nullable Instant createdAt;

    @Column(name = "cancel_requested_at", insertable = false, updatable = false)
    private @Nullable Instant cancelRequestedAt;

    @Column(name = "evacuated_at", insertable = false, updatable = false)
    private @Nullable Instant evacuatedAt;

    @Column(name = "drained_at", insertable = false, updatable = false)
    private @Nullable Instant drainedAt;

    @Column(insertable = false, updatable = false)
    private @Nullable String outcome;

    /** For JPA. */
    protected DrainEntity() {}

    DrainEntity(String id, DrainOrder order) {
        this.id = id;
        this.worker = order.worker().value();
        this.actor = order.actor();
        this.reason = order.reason();
        this.perSource = order.perSource();
        this.perDestination = order.perDestination();
        this.mode = order.mode().name();
        DrainLimits limits = order.limits();
        this.priority = limits.priority();
        this.notBefore = limits.notBefore();
        this.windows = Steerings.text(limits.windows());
        this.deadlineAt = limits.deadline() == null ? null : limits.deadline().at();
        this.deadlineMissed = Steerings.missed(limits.deadline());
        this.retainSeconds = order.options().retainSeconds();
        Permission thirdParty = limits.thirdParty();
        this.thirdPartyVolumes = thirdParty == null ? null : Integer.valueOf(thirdParty.volumes());
        this.thirdPartyBytes = thirdParty == null ? null : Long.valueOf(thirdParty.bytes());
        this.keepCopies = order.options().keepCopies();
    }

    Drain toDrain() {
        return new Drain(
                new DrainId(Objects.requireNonNull(id)),
                new DrainOrder(
                        new WorkerId(Objects.requireNonNull(worker)),
                        Objects.requireNonNull(actor),
                        Objects.requireNonNull(reason),
                        DrainMode.valueOf(Objects.requireNonNull(mode)),
                        new DrainLimits(
                                perSource,
                                perDestination,
                                priority,
                                notBefore,
                                Steerings.windows(Objects.requireNonNull(windows)),
                                Steerings.deadline(deadlineAt, Objects.requireNonNull(deadlineMissed)),
                                thirdPartyVolumes == null || thirdPartyBytes == null
                                        ? null
                                        : new Permission(thirdPartyVolumes, thirdPartyBytes)),
                        new DrainOptions(retainSeconds, keepCopies)),
                Objects.requireNonNull(createdAt),
                pausedAt,
                cancelRequestedAt,
                evacuatedAt,
                drainedAt,
                outcome == null ? null : Drain.Outcome.valueOf(outcome));
    }
}
