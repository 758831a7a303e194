package io.sluice.orchestrator.cli.demo;

import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.MigrationView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares, from outside, what lies on the destinations' disks with what the workloads were told is written and with the originals.
 * It reads the volumes' files, not anything that Sluice serves; each workload is held still for as long as that takes.
 */
final class Proof {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final JsonMapper JSON = new JsonMapper();

    private final DemoFleet fleet;

    Proof(DemoFleet fleet) {
        this.fleet = fleet;
    }

    DemoResult of(DrainView drain) {
        List<DemoResult.Moved> moved = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (MigrationView migration : drain.migrations()) {
            if (migration.state().equalsIgnoreCase("done")) {
                moved.add(proven(workloadOf(migration), migration));
            } else if (!migration.state().equalsIgnoreCase("aborted")) {
                failures.add(migration.subject() + " is still in state " + migration.state());
            }
        }
        drain.refusals().forEach(refusal -> failures.add(refusal.code() + ": " + refusal.message()));
        if (!drain.safeToPowerOff().value()) {
            drain.safeToPowerOff()
                    .blockers()
                    .forEach(blocker -> failures.add(blocker.code() + ": " + blocker.message()));
        }
        for (DemoWorkload workload : fleet.workloads()) {
            if (!workload.running()) {
                failures.add(workload.id() + " does not run any more");
            }
            if (Files.exists(workload.errors())) {
                failures.add(workload.id() + " found on its disk: "
                        + Texts.read(workload.errors()).strip());
            }
        }
        return new DemoResult(
                drain.worker(), seconds(drain), drain.safeToPowerOff().value(), moved, failures);
    }

    private DemoWorkload workloadOf(MigrationView migration) {
        return fleet.workloads().stream()
                .filter(workload -> workload.id().equals(migration.subject()))
                .findFirst()
                .orElseThrow(() ->
                        new DemoFailure("the drain moved " + migration.subject() + ", which is not of this demo"));
    }

    private DemoResult.Moved proven(DemoWorkload workload, MigrationView migration) {
        JsonNode found = compare(workload, migration.destination());
        DemoWorkload.Gap gap = workload.gaps().getLast();
        JsonNode runs = found.path("runs");
        if (runs.size() < 2
                || runs.path(runs.size() - 1).path("acknowledgedWrites").asLong() == 0) {
            throw new DemoFailure(
                    workload.id() + " has written nothing since it was started on " + migration.destination());
        }
        long lastBefore = runs.path(runs.size() - 2).path("lastNanos").asLong();
        long firstAfter = runs.path(runs.size() - 1).path("firstNanos").asLong();
        List<String> wrong = new ArrayList<>();
        found.path("wrong").forEach(text -> wrong.add(text.asString()));
        return new DemoResult.Moved(
                workload.id(),
                migration.destination(),
                millis(lastBefore, gap.stoppedNanos()),
                millis(gap.stoppedNanos(), gap.launchedNanos()),
                millis(gap.launchedNanos(), firstAfter),
                known(migration.progress().allocatedBytes(), migration),
                known(migration.progress().copiedBytes(), migration),
                new DemoResult.Verification(
                        found.path("acknowledgedWrites").asLong(),
                        found.path("writtenBlocks").asLong(),
                        found.path("untouchedBytes").asLong(),
                        wrong));
    }

    private JsonNode compare(DemoWorkload workload, String worker) {
        Path output = workload.directory().resolve("verification.json");
        workload.freeze();
        try {
            DemoProcess process = DemoProcess.start(
                    "comparing " + workload.id(),
                    fleet.installation()
                            .exerciser(List.of(
                                    "verify",
                                    workload.journal().toString(),
                                    fleet.directory()
                                            .volume(worker, workload.id())
                                            .toString(),
                                    fleet.directory().original(workload.id()).toString())),
                    output);
            process.awaitEnd(LIMIT);
        } finally {
            workload.thaw();
        }
        String text = Texts.read(output).strip();
        String result = text.substring(text.lastIndexOf('\n') + 1);
        if (!result.startsWith("{")) {
            throw new DemoFailure("comparing " + workload.id() + " failed: " + text);
        }
        return JSON.readTree(result);
    }

    private static double seconds(DrainView drain) {
        return drain.createdAt() == null || drain.drainedAt() == null
                ? Double.NaN
                : Duration.between(Instant.parse(drain.createdAt()), Instant.parse(drain.drainedAt()))
                                .toMillis()
                        / 1000.0;
    }

    private static double millis(long fromNanos, long toNanos) {
        return (toNanos - fromNanos) / 1e6;
    }

    private static long known(@Nullable Long bytes, MigrationView migration) {
        if (bytes == null) {
            throw new DemoFailure("the orchestrator does not know how much of " + migration.subject() + " was copied");
        }
        return bytes;
    }
}
