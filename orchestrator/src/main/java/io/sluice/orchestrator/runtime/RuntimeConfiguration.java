package io.sluice.orchestrator.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.orchestrator.agents.HeldCalls;
import io.sluice.orchestrator.migration.MigrationReconciler;
import io.sluice.orchestrator.migration.MigrationStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the reconciler together. */
@Configuration(proxyBeanMethods = false)
class RuntimeConfiguration {
    @Bean
    MigrationReconciler migrationReconciler(MigrationStore store, Commits commits) {
        return new MigrationReconciler(store, commits);
    }

    @Bean
    Commits commits(HeldCalls calls, DrainWatch watch, PaceKeeper pace, MeterRegistry meters) {
        return new Commits(calls, watch, pace, meters);
    }
}
