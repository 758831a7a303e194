package io.sluice.orchestrator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.Portal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
