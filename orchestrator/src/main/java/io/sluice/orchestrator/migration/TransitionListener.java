package io.sluice.orchestrator.migration;

/** Told after each commit, outside its transaction: wakes the held calls of both hosts, writes the log line and the metrics. */
@FunctionalInterface
public interface TransitionListener {
    void committed(Transition transition, Migration after);
}
