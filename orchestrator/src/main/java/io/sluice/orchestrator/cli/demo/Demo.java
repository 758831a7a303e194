package io.sluice.orchestrator.cli.demo;

import io.sluice.orchestrator.cli.client.DrainRequest;
import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.client.RestException;
import io.sluice.orchestrator.cli.progress.LiveScreen;
import io.sluice.orchestrator.cli.progress.Look;
import io.sluice.orchestrator.cli.progress.ProgressLog;
import io.sluice.orchestrator.cli.progress.ProgressView;
import io.sluice.orchestrator.cli.progress.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The demo from beginning to end: prepare, drain, prove, clean up. */
final class Demo {

    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    /** A drain may be blocked for a moment, until the fleet has reported; one that stays so needs somebody. */
    private static final int BLOCKED_LOOKS = 25;

    /** The workloads go on writing on their plain volumes before the proof, so that those writes are in it too. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(1);

    private final Installation installation;
    private final DemoOptions options;
    private final PrintWriter out;
    private final @Nullable Terminal terminal;

    Demo(Installation installation, DemoOptions options, PrintWriter out, @Nullable Terminal terminal) {
        this.installation = installation;
        this.options = options;
        this.out = out;
        this.terminal = terminal;
    }

    /** Runs it; {@code jsonOut} gets the result as one object. Answers the exit code. */
    int run(boolean keep, @Nullable PrintWriter jsonOut) {
        DemoDirectory directory = DemoDirectory.create(options.directory());
        directory.requireRoom(options.volumeBytes());
        say("starting an orchestrator, %d workers and %d workloads in %s"
                .formatted(options.workers(), options.volumes(), directory.root()));
        Cleanup cleanup = new Cleanup(directory);
        Thread hook = new Thread(cleanup, "demo-cleanup");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            DemoFleet fleet = DemoFleet.start(installation, options, directory);
            cleanup.add(fleet);
            DemoResult result = drainAndProve(fleet, cleanup);
            if (jsonOut != null) {
                jsonOut.println(ResultJson.of(result));
            }
            if (keep) {
                keepRunning(fleet, cleanup);
            }
            return result.passed() ? 0 : 1;
        } catch (DemoFailure | RestException failure) {
            cleanup.keepFiles();
            say("FAILED: %s".formatted(failure.getMessage()));
            say("logs and data are in %s".formatted(directory.root()));
            return 1;
        } finally {
            cleanup.run();
        }
    }

    private DemoResult drainAndProve(DemoFleet fleet, Cleanup cleanup) {
        fleet.prepare();
        fleet.server().awaitReady();
        say("dashboard  %s   (token: %s)"
                .formatted(fleet.server().url(), fleet.server().token("operator")));
        fleet.startAgents();
        try (RestClient client = fleet.server().client()) {
            fleet.awaitWorking(client);
            fleet.handles().forEach(this::say);
            say("%d workloads write and check all the time; draining %s"
                    .formatted(options.volumes(), options.drainedWorker()));
            DrainView started = client.startDrain(options.drainedWorker(), DrainRequest.because("demonstration"));
            DrainView ended = follow(client, started.id());
            return prove(fleet, cleanup, ended);
        }
    }

    private DemoResult prove(DemoFleet fleet, Cleanup cleanup, DrainView drain) {
        fleet.awaitWriting();
        Await.pause(AFTERWARDS);
        say("");
        say("comparing every acknowledged write with what lies on the destinations, every other byte with the"
                + " original");
        DemoResult result = new Proof(fleet).of(drain);
        say("");
        ResultTable.lines(result).forEach(this::say);
        say("");
        if (result.passed()) {
            say("%s is drained and safe to power off; nothing was lost. The drain took %s s."
                    .formatted(drain.worker(), String.format(Locale.ROOT, "%.1f", result.drainSeconds())));
        } else {
            cleanup.keepFiles();
            say("FAILED: see above; logs and data are in %s"
                    .formatted(fleet.directory().root()));
        }
        return result;
    }

    private DrainView follow(RestClient client, String drain) {
        Progress progress = new Progress(out, terminal);
        long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
        int blockedLooks = 0;
        while (true) {
            DrainView view = client.drain(drain);
            progress.show(view);
            blockedLooks = view.phase() == DrainView.Phase.BLOCKED ? blockedLooks + 1 : 0;
            boolean ended = switch (view.phase()) {
                case DRAINED, CANCELLED -> true;
                case BLOCKED -> blockedLooks > BLOCKED_LOOKS;
                case SCHEDULED, PAUSED, RUNNING, EVACUATED, RETAINING, CANCELLING -> false;
            };
            if (ended || System.nanoTime() - deadline > 0) {
                return view;
            }
            Await.pause(BETWEEN_LOOKS);
        }
    }

    /** Until Ctrl-C; drains that somebody else starts are followed and proven like the first. */
    private void keepRunning(DemoFleet fleet, Cleanup cleanup) {
        say("");
        say("everything goes on until Ctrl-C; try, in another terminal:");
        say("  export SLUICE_URL=%s SLUICE_TOKEN_FILE=%s"
                .formatted(fleet.server().url(), fleet.server().tokenFile("operator")));
        say("  ./sluice workers; ./sluice drain worker-2 --wait");
        try (RestClient client = fleet.server().client()) {
            Set<String> known = new HashSet<>();
            client.drains().forEach(drain -> known.add(drain.id()));
            while (!cleanup.started()) {
                List<DrainView> drains = client.drains();
                for (DrainView drain : drains) {
                    if (known.add(drain.id())) {
                        say("");
                        say("following %s of %s".formatted(drain.id(), drain.worker()));
                        DrainView ended = follow(client, drain.id());
                        if (ended.phase() == DrainView.Phase.DRAINED) {
                            prove(fleet, cleanup, ended);
                        }
                    }
                }
                Await.pause(BETWEEN_LOOKS);
            }
        }
    }

    private void say(String line) {
        out.println(line);
    }

    /** Draws over itself on a terminal; elsewhere says what changed. */
    private static final class Progress {
        private final PrintWriter out;
        private final @Nullable LiveScreen screen;
        private final ProgressView view;
        private @Nullable DrainView last;

        Progress(PrintWriter out, @Nullable Terminal terminal) {
            this.out = out;
            this.screen = terminal == null ? null : new LiveScreen(out, terminal.rows());
            this.view = new ProgressView(terminal == null ? Look.plain() : terminal.look());
        }

        void show(DrainView drain) {
            if (screen == null) {
                ProgressLog.changes(last, drain).forEach(out::println);
                last = drain;
            } else {
                screen.draw(view.lines(drain));
            }
        }
    }

    /** Ends the processes and deletes the folder, once, whether the demo ends by itself or by a signal. */
    private static final class Cleanup implements Runnable {
        private final DemoDirectory directory;
        private final AtomicBoolean started = new AtomicBoolean();
        private volatile boolean filesKept;
        private volatile @Nullable DemoFleet fleet;

        Cleanup(DemoDirectory directory) {
            this.directory = directory;
        }

        void add(DemoFleet running) {
            fleet = running;
        }

        void keepFiles() {
            filesKept = true;
        }

        boolean started() {
            return started.get();
        }

        @Override
        public synchronized void run() {
            if (started.getAndSet(true)) {
                return;
            }
            DemoFleet running = fleet;
            if (running != null) {
                running.stop();
            }
            if (!filesKept) {
                directory.delete();
            }
        }
    }
}
