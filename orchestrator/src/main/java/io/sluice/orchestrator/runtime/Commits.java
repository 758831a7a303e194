package io.sluice.orchestrator.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.orchestrator.agents.HeldCalls;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.migration.TransitionListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one point every commit passes: wakes the hosts first, then one log line and two metrics. Harmless to repeat. Other
 * replicas hear of it from the database, see {@link ReplicaWakeUps}.
 */
final class Commits implements TransitionListener {
    private static final Logger log = LoggerFactory.getLogger(Commits.class);

    private final HeldCalls calls;
    private final DrainWatch watch;
    private final PaceKeeper pace;
    private final MeterRegistry meters;

    Commits(HeldCalls calls, DrainWatch watch, PaceKeeper pace, MeterRegistry meters) {
        this.calls = calls;
        this.watch = watch;
        this.pace = pace;
        this.meters = meters;
    }

    @Override
    public void committed(Transition transition, Migration after) {
        if (transition.asksSource()) {
            calls.wake(after.source());
        }
        if (transition.asksDestination()) {
            calls.wake(after.destination());
        }
        MigrationState from = transition.from().state();
        Duration stayed = Duration.between(
                transition.from().position().since(), after.position().since());
        log.info(
                "migration moved migration={} cargo={} from={} to={} source={} destination={} epoch={} millis={}",
                after.id(),
                after.cargo().name(),
                from.title(),
                after.state().title(),
                after.source(),
                after.destination(),
                after.epoch(),
                stayed.toMillis());
        meters.counter(
                        "sluice.migration.transitions",
                        "from",
                        from.title(),
                        "to",
                        after.state().title())
                .increment();
        meters.timer("sluice.migration.state.duration", "state", from.title()).record(stayed);
        watch.changed(after);
        pace.committed(transition);
    }
}
