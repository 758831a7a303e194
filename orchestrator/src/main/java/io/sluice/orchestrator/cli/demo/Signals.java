package io.sluice.orchestrator.cli.demo;

import java.io.IOException;

/** Signals to processes that are not children of this one, and the two that Java does not know. */
final class Signals {

    private Signals() {}

    /** A process that is gone already is no failure. */
    static void send(String signal, String pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new DemoFailure("cannot send SIG" + signal + " to process " + pid + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted", e);
        }
    }
}
