package io.sluice.orchestrator.web;

import io.sluice.agent.api.MigrationId;
import io.sluice.orchestrator.drain.DrainReader;
import io.sluice.orchestrator.drain.DrainSteering;
import io.sluice.orchestrator.drain.DrainSteering.Answer;
import io.sluice.orchestrator.drain.OperatorAction.By;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * What an operator can ask of drains and migrations under way, for the REST controllers and the pages alike; each answers with how
 * the thing stands afterwards. What cannot be done to it any more is a 409 problem.
 */
@Component
public class SteeringOperations {
    private static final int MAX_ACTIONS = 200;

    private final Views views;
    private final DrainSteering steering;
    private final DrainReader reader;
    private final Bodies bodies;

    SteeringOperations(Views views, DrainSteering steering, DrainReader reader, Bodies bodies) {
        this.views = views;
        this.steering = steering;
        this.reader = reader;
        this.bodies = bodies;
    }

    /** What is asked of a drain as a whole. */
    public enum OfDrain {
        PAUSE,
        RESUME
    }

    /** What is asked of one migration. */
    public enum OfMigration {
        HOLD,
        RESUME,
        ABORT,
        RETRY
    }

    public DrainView steer(String drain, OfDrain what, @Nullable String reason, String actor) {
        DrainId id = views.requireDrain(drain).id();
        By by = new By(actor, Orders.reason(reason));
        done(
                switch (what) {
                    case PAUSE -> steering.pause(id, by);
                    case RESUME -> steering.resume(id, by);
                });
        return views.drain(drain);
    }

    DrainView change(String drain, @Nullable JsonNode patch, String actor) {
        LimitsView there = LimitsView.of(views.requireDrain(drain).order().limits());
        return change(drain, bodies.merged(there, patch, LimitsView.class), actor);
    }

    /** All limits at once. */
    public DrainView change(String drain, LimitsView wish, String actor) {
        var known = views.requireDrain(drain);
        done(steering.change(known.id(), Orders.limits(wish, reader.now()), new By(actor, "")));
        return views.drain(drain);
    }

    /** A retry answers with the migration that is tried now, if one could be placed. */
    public MigrationView steer(String migration, OfMigration what, @Nullable String reason, String actor) {
        MigrationId id = views.requireMigration(migration);
        By by = new By(actor, Orders.reason(reason));
        done(
                switch (what) {
                    case HOLD -> steering.hold(id, by);
                    case RESUME -> steering.proceed(id, by);
                    case ABORT -> steering.abort(id, by);
                    case RETRY -> steering.retry(id, by);
                });
        return what == OfMigration.RETRY ? views.newest(id) : views.migration(migration);
    }

    List<ActionView> actions(String drain) {
        return steering.actions(views.requireDrain(drain).id(), MAX_ACTIONS).stream()
                .map(ActionView::of)
                .toList();
    }

    private static void done(Answer answer) {
        if (answer instanceof Answer.Refused refused) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    refused.why().code(),
                    refused.why().message(),
                    refused.why().remedy());
        }
    }
}
