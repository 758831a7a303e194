package io.sluice.orchestrator.agents;

import io.sluice.agent.api.WorkerId;
import java.util.stream.IntStream;

/** Calls that tests left behind: nobody waits for their answers, but the server holds them for as long as any. */
public final class LeftCalls {
    private static final int WORKERS = 10;

    private LeftCalls() {}

    /** Ends those of worker-1, worker-2 and so on. */
    public static void end(HeldCalls calls) {
        IntStream.rangeClosed(1, WORKERS)
                .mapToObj(number -> new WorkerId("worker-" + number))
                .forEach(calls::end);
    }
}
