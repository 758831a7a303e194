package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.WorkerView;
import io.sluice.orchestrator.cli.progress.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One worker in words. */
final class WorkerText {

    private WorkerText() {}

    static List<String> lines(WorkerView worker) {
        List<String> lines = new ArrayList<>();
        lines.add(worker.id() + ": " + status(worker) + (worker.cordoned() ? ", cordoned" : "")
                + (worker.drain() == null ? "" : ", drain " + worker.drain()));
        lines.add("  agent      "
                + (worker.connected() ? "connected, last report " : "silent, last report ")
                + (worker.lastSeenSeconds() == null
                        ? Quantities.UNKNOWN
                        : Quantities.seconds(worker.lastSeenSeconds()) + " ago")
                + (worker.agentVersion() == null ? "" : ", version " + worker.agentVersion()));
        WorkerView.WrittenOff writtenOff = worker.writtenOff();
        if (writtenOff != null) {
            lines.add("  given up   written off by " + writtenOff.by() + " at " + writtenOff.at()
                    + (writtenOff.reason().isEmpty() ? "" : ": " + writtenOff.reason()));
        }
        lines.add("  workloads  " + count(worker.workloads()) + " declared, " + count(worker.runningWorkloads())
                + " running; volumes " + count(worker.volumes()));
        lines.add("  asked for  " + resources(worker.requested()) + " of " + resources(worker.capacity()));
        for (WorkerView.Pool pool : worker.pools()) {
            lines.add("  pool       " + pool.name() + " (" + pool.kind() + "): "
                    + Quantities.bytes(pool.committedBytes()) + " committed, "
                    + Quantities.bytes(pool.reservedBytes()) + " reserved, "
                    + Quantities.bytes(pool.freeBytes()) + " free of " + Quantities.bytes(pool.capacityBytes()));
        }
        for (WorkerView.Failure failure : worker.failures()) {
            lines.add("  FAILING    " + failure.code() + " for " + Quantities.seconds(failure.seconds()) + ": "
                    + failure.message());
        }
        return lines;
    }

    /** As in a table and a sentence: written off, not written_off. */
    static String status(WorkerView worker) {
        return worker.status().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String resources(WorkerView.@Nullable Resources resources) {
        if (resources == null) {
            return Quantities.UNKNOWN;
        }
        Long cpu = resources.cpuMillis();
        String cores = cpu == null ? "unknown CPU" : String.format(Locale.ROOT, "%.1f cores", cpu / 1000.0);
        return cores + " and " + Quantities.bytes(resources.memoryBytes());
    }

    private static String count(@Nullable Integer count) {
        return count == null ? Quantities.UNKNOWN : count.toString();
    }
}
