package io.sluice.agent.workload;

import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.reconcile.Autostart;
import io.sluice.agent.reconcile.WorkloadState;
import java.nio.file.Path;

/** What is known of one declared workload. A look that began before a start or stop ended says nothing of it. */
final class Declared {
    private Path file;
    private WorkloadDefinition definition;
    private Autostart autostart;
    private WorkloadStatus status;
    private boolean fresh = true;
    private long changes;

    Declared(Path file, WorkloadDefinition definition, Autostart autostart, WorkloadStatus status) {
        this.file = file;
        this.definition = definition;
        this.autostart = autostart;
        this.status = status;
        noticed();
    }

    synchronized Path file() {
        return file;
    }

    synchronized WorkloadDefinition definition() {
        return definition;
    }

    synchronized WorkloadStatus status() {
        return status;
    }

    synchronized WorkloadState state() {
        return new WorkloadState(definition, status, autostart, fresh);
    }

    synchronized long changes() {
        return changes;
    }

    synchronized void declaredIn(Path where, WorkloadDefinition as) {
        file = where;
        definition = as;
    }

    synchronized void autostart(Autostart next) {
        autostart = next;
        noticed();
    }

    synchronized void saw(WorkloadStatus seen, long whenChanges) {
        if (changes == whenChanges) {
            status = seen;
            noticed();
        }
    }

    /** A program that changes it is about to run: until it has ended well nothing is known. */
    synchronized void changing() {
        changes++;
        status = WorkloadStatus.UNKNOWN;
    }

    synchronized void changed(WorkloadStatus to) {
        changes++;
        status = to;
        noticed();
    }

    private void noticed() {
        if (status == WorkloadStatus.RUNNING || autostart instanceof Autostart.Held) {
            fresh = false;
        }
    }
}
