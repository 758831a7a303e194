package io.sluice.orchestrator.cli.bench;

import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.RegisterResponse;
import io.sluice.orchestrator.cli.bench.AgentConnection.Answer;
import java.io.IOException;

/**
 * A host that has not taken up any spec, and so is answered at once: how long that takes is the orchestrator's part of every
 * sync. An ordinary one is held for 20 s, which says nothing.
 */
final class Probe implements AutoCloseable {
    private static final long NONE_TAKEN_UP = -1;

    /** Nothing is to be placed where nobody takes anything up. */
    private static final int NO_ROOM = 0;

    private final SimulatedFleet fleet;
    private final SimulatedHost host;
    private final String credential;
    private final AgentConnection connection;
    private long sequence;

    private Probe(SimulatedFleet fleet, SimulatedHost host, String credential, AgentConnection connection) {
        this.fleet = fleet;
        this.host = host;
        this.credential = credential;
        this.connection = connection;
    }

    static Probe join(SimulatedFleet fleet, int index, int volumes) throws IOException {
        AgentConnection connection = fleet.connect();
        RegisterResponse identity = fleet.register(connection, "probe-" + index, index);
        return new Probe(
                fleet,
                new SimulatedHost(identity.worker(), volumes, NO_ROOM, () -> 1),
                identity.credential(),
                connection);
    }

    /** How long one sync took, in nanoseconds. */
    long sync(boolean changed) throws IOException {
        sequence++;
        HostReport report = host.report(sequence, 0);
        HostReport told = new HostReport(
                report.worker(),
                report.incarnation(),
                sequence,
                NONE_TAKEN_UP,
                report.bootId(),
                changed ? (int) (sequence % 2) : 0,
                report.pools(),
                report.volumes(),
                report.workloads(),
                report.exports(),
                report.incoming(),
                report.failures(),
                report.retired(),
                report.capabilities());
        byte[] body = fleet.json().writeValueAsBytes(told);
        long began = System.nanoTime();
        connection.post(AgentApi.SYNC, credential, body);
        Answer answer = connection.answer(AgentConnection.ANSWER_MILLIS);
        if (answer == null || answer.status() != 200) {
            throw new IOException("sync answered " + answer);
        }
        return System.nanoTime() - began;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
