package io.sluice.orchestrator.cli.bench;

import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.MigrationId;
import io.sluice.orchestrator.cli.bench.AgentConnection.Answer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One agent as the orchestrator sees it: a call held open always, a report at once when something is done, progress twice a
 * second while a copy is made, which overtakes the call that is held.
 */
final class SimulatedAgent implements Runnable {
    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(AgentConnection.ANSWER_MILLIS);
    private static final int AGAIN_MILLIS = 1000;

    private final SimulatedFleet fleet;
    private final SimulatedHost host;
    private final String credential;
    private final Map<MigrationId, String> goals = new HashMap<>();
    private final Map<MigrationId, String> news = new HashMap<>();
    private @Nullable AgentConnection connection;
    private @Nullable AgentConnection spare;
    private @Nullable AgentConnection overtaken;
    private long sequence;

    SimulatedAgent(SimulatedFleet fleet, SimulatedHost host, String credential) {
        this.fleet = fleet;
        this.host = host;
        this.credential = credential;
    }

    @Override
    public void run() {
        while (!fleet.over()) {
            try {
                turn();
            } catch (IOException e) {
                fleet.failed(host.id() + ": " + e);
                closeAll();
                pause();
            }
        }
        closeAll();
    }

    private static void pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(AGAIN_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn() throws IOException {
        AgentConnection call = connection == null ? fleet.connect() : connection;
        connection = call;
        long now = System.nanoTime();
        HostReport report = host.report(++sequence, now);
        news.forEach((migration, goal) -> fleet.decisions().reported(migration, goal, now));
        news.clear();
        call.post(AgentApi.SYNC, credential, fleet.json().writeValueAsBytes(report));
        fleet.posted();
        Long whole = host.untilWhole(now);
        long patience = whole == null ? LONGEST_NANOS : Math.min(whole, PROGRESS_NANOS);
        if (endOfOvertaken() || !answered(call, patience)) {
            if (patience == LONGEST_NANOS && news.isEmpty()) {
                throw new IOException("a call was not answered within " + AgentConnection.ANSWER_MILLIS + " ms");
            }
            overtaken = call;
            connection = spare;
            spare = null;
        }
    }

    /** The call that the newest report has overtaken is answered now; true when it tells something that is to be reported at once. */
    private boolean endOfOvertaken() throws IOException {
        AgentConnection before = overtaken;
        if (before == null) {
            return false;
        }
        if (!answered(before, LONGEST_NANOS)) {
            throw new IOException("an overtaken call was not answered within " + AgentConnection.ANSWER_MILLIS + " ms");
        }
        overtaken = null;
        spare = before;
        return !news.isEmpty();
    }

    /** Waits for an answer and takes it up; false when there is none yet. */
    private boolean answered(AgentConnection call, long patience) throws IOException {
        Answer answer = call.answer((int) TimeUnit.NANOSECONDS.toMillis(patience) + 1);
        if (answer == null) {
            return false;
        }
        long now = System.nanoTime();
        if (answer.status() != 200) {
            throw new IOException("sync answered " + answer);
        }
        fleet.answered();
        if (host.take(fleet.json().readValue(answer.body(), HostSpec.class), now)) {
            Map<MigrationId, String> asked = host.goals();
            asked.forEach((migration, goal) -> {
                if (!goal.equals(goals.get(migration))) {
                    fleet.decisions().asked(migration, goal, now);
                    news.put(migration, goal);
                }
            });
            goals.clear();
            goals.putAll(asked);
        }
        return true;
    }

    private void closeAll() {
        close(connection);
        close(spare);
        close(overtaken);
        connection = null;
        spare = null;
        overtaken = null;
    }

    private void close(@Nullable AgentConnection call) {
        if (call != null) {
            try {
                call.close();
            } catch (IOException e) {
                fleet.failed(host.id() + ": " + e);
            }
        }
    }
}
