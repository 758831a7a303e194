package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.client.RestException;
import io.sluice.orchestrator.cli.progress.LiveScreen;
import io.sluice.orchestrator.cli.progress.ProgressLog;
import io.sluice.orchestrator.cli.progress.ProgressView;
import io.sluice.orchestrator.cli.progress.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Looks at a drain again and again until it rests. Outlives a restart of the service. */
final class Follower {

    /** Often enough for bars that move, rare enough for a laptop's service. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** A service that restarts or fails over is back within this; after it the command gives up, the drain does not. */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

    /**
     * How long a drain must be blocked before it is believed: between two steps, or until the next report, nothing may be moving
     * for a moment.
     */
    private static final Duration BLOCKED_FOR = Duration.ofSeconds(3);

    private final RestClient client;

    Follower(RestClient client) {
        this.client = client;
    }

    /** Draws bars over themselves. */
    static Consumer<DrainView> bars(PrintWriter out, Terminal terminal) {
        LiveScreen screen = new LiveScreen(out, terminal.rows());
        ProgressView view = new ProgressView(terminal.look());
        return drain -> screen.draw(view.lines(drain));
    }

    /** Prints a line for each change. */
    static Consumer<DrainView> log(PrintWriter out) {
        AtomicReference<DrainView> last = new AtomicReference<>();
        return drain -> {
            ProgressLog.changes(last.getAndSet(drain), drain).forEach(out::println);
            out.flush();
        };
    }

    DrainView follow(String id, Consumer<DrainView> shown) {
        long heard = System.nanoTime();
        long moving = heard;
        while (true) {
            try {
                DrainView drain = client.drain(id);
                heard = System.nanoTime();
                moving = drain.phase() == DrainView.Phase.BLOCKED ? moving : heard;
                shown.accept(drain);
                if (drain.phase().resting() && (moving == heard || heard - moving > BLOCKED_FOR.toNanos())) {
                    return drain;
                }
            } catch (RestException failure) {
                if (!passing(failure) || System.nanoTime() - heard > SILENCE_LIMIT.toNanos()) {
                    throw failure;
                }
            }
            pause();
        }
    }

    /** Whether asking the same again may get an answer: a service that restarts, but not one that refuses. */
    private static boolean passing(RestException failure) {
        return failure instanceof RestException.Unreachable
                || (failure instanceof RestException.Refused refused && !refused.causedByRequest());
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UsageProblem("interrupted while waiting", "the drain goes on; see sluice drains");
        }
    }
}
