package io.sluice.orchestrator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.VolumeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HostSpecsTest {
    private static final Terms TERMS = new Terms(
            new Portal("127.0.0.1", 3260), "iqn.b", new ChapSecrets("in", "secret-secret", "out", "other-secret"), 60);

    @ParameterizedTest
    @EnumSource
    void theDestinationIsToldTheEngineOfThePlan(CloneEngine engine) {
        assertThat(spec(engine).incoming())
                .singleElement()
                .satisfies(part -> assertThat(part.volumes())
                        .singleElement()
                        .satisfies(volume -> assertThat(volume.engine()).isEqualTo(engine)));
    }

    @Test
    void theSourceIsToldNothingThatArrives() {
        assertThat(HostSpecs.of(Migrations.A, 7, parts(CloneEngine.PORTABLE)).incoming())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("told")
    void theDestinationIsToldItsDrainsDeadlineWhileItCopies(Told told) {
        HostSpecs.Part part = new HostSpecs.Part(
                Migrations.in(told.state), TERMS, told.granted, Instant.ofEpochSecond(1_800_000_000));
        assertThat(HostSpecs.of(Migrations.B, 7, List.of(part))
                        .incoming()
                        .getFirst()
                        .volumes())
                .allSatisfy(volume ->
                        assertThat(volume.hydration().deadlineEpochSecond()).isEqualTo(told.deadline));
    }

    record Told(
            MigrationState state,
            Map<VolumeId, Long> granted,
            @Nullable Long deadline) {}

    static List<Told> told() {
        return List.of(
                new Told(MigrationState.Reversible.PREPARING, Map.of(), null),
                new Told(MigrationState.ForwardOnly.STARTING, Map.of(), null),
                new Told(MigrationState.ForwardOnly.HYDRATING, Map.of(), 1_800_000_000L),
                new Told(MigrationState.ForwardOnly.HYDRATING, granted(0), 1_800_000_000L),
                new Told(MigrationState.ForwardOnly.HYDRATING, granted(64), 1_800_000_000L));
    }

    private static Map<VolumeId, Long> granted(long bytes) {
        return Migrations.in(MigrationState.ForwardOnly.HYDRATING).cargo().volumeIds().stream()
                .collect(Collectors.toMap(Function.identity(), volume -> bytes));
    }

    @ParameterizedTest
    @EnumSource
    void whoAMigrationEndedWithoutIsToldToClearItAway(MigrationState.Terminal ended) {
        HostSpecs.Part part =
                new HostSpecs.Part(Migrations.in(ended), new Terms(TERMS.portal(), TERMS.initiator(), Terms.WIPED, 60));

        assertThat(HostSpecs.of(Migrations.A, 7, List.of(part)).outgoing())
                .singleElement()
                .satisfies(told -> assertThat(told.goal())
                        .isEqualTo(
                                ended == MigrationState.Terminal.DONE ? OutgoingGoal.RELEASED : OutgoingGoal.RESTORED));
        if (ended == MigrationState.Terminal.ABORTED) {
            assertThat(HostSpecs.of(Migrations.B, 7, List.of(part)).incoming())
                    .singleElement()
                    .satisfies(told -> assertThat(told.goal()).isEqualTo(IncomingGoal.DISCARDED));
        }
    }

    private static HostSpec spec(CloneEngine engine) {
        return HostSpecs.of(Migrations.B, 7, parts(engine));
    }

    private static List<HostSpecs.Part> parts(CloneEngine engine) {
        Migration planned = Migrations.in(MigrationState.Reversible.PREPARING);
        Migration migration = new Migration(
                planned.id(),
                planned.drain(),
                planned.cargo(),
                new Migration.Route(Migrations.A, Migrations.B, List.of(Migrations.POOL), engine),
                planned.epoch(),
                planned.intent(),
                planned.position());
        return List.of(new HostSpecs.Part(migration, TERMS));
    }
}
