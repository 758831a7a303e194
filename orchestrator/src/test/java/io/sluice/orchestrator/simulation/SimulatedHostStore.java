package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.agents.HostStore;
import io.sluice.orchestrator.fleet.Sighting;
import io.sluice.orchestrator.migration.HostSpecs;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reports in, specs out, in memory. */
final class SimulatedHostStore implements HostStore {
    private final SimulatedDatabase database;
    private final SimulatedPacing pacing;
    private final SimulatedRetention retention;
    private final Flaw flaw;

    SimulatedHostStore(SimulatedDatabase database, SimulatedPacing pacing, SimulatedRetention retention, Flaw flaw) {
        this.database = database;
        this.retention = retention;
        this.pacing = pacing;
        this.flaw = flaw;
    }

    @Override
    public boolean take(HostReport report) {
        SimulatedDatabase.WorkerRow row = database.worker(report.worker());
        Sighting last = row.sighting();
        if (last != null && flaw.ordersReports() && !isNewer(report, last.report())) {
            return false;
        }
        boolean converged = report.actionsPending() == 0 || !flaw.awaitsActions();
        database.put(row.seen(new Sighting(report, database.now()), converged ? report.appliedGeneration() : 0));
        return true;
    }

    private static boolean isNewer(HostReport report, HostReport last) {
        return report.incarnation() > last.incarnation()
                || (report.incarnation() == last.incarnation() && report.sequence() > last.sequence());
    }

    @Override
    public HostSpec spec(WorkerId worker) {
        List<HostSpecs.Part> parts = new ArrayList<>();
        for (Migration migration : database.live()) {
            boolean takesPart =
                    migration.source().equals(worker) || migration.destination().equals(worker);
            if (takesPart && database.isNamed(worker, migration)) {
                // what is copied here takes the time it takes, whatever the deadline
                parts.add(flaw.told(new HostSpecs.Part(migration, terms(migration), pacing.granted(migration), null)));
            }
        }
        database.toClear(worker).forEach(ended -> parts.add(new HostSpecs.Part(ended, wiped(ended), Map.of(), null)));
        return flaw.told(
                HostSpecs.of(worker, database.worker(worker).generation(), parts, retention.deletions(worker)));
    }

    /** Its secrets went with its end. */
    private Terms wiped(Migration ended) {
        Terms met = terms(ended);
        return new Terms(met.portal(), met.initiator(), Terms.WIPED, met.retainSeconds());
    }

    private Terms terms(Migration migration) {
        String secret = "secret-of-" + migration.id();
        return new Terms(
                database.worker(migration.source()).profile().portal(),
                database.worker(migration.destination()).profile().initiatorName(),
                new ChapSecrets("in", secret, "out", "mutual-" + secret),
                Outgoing.UNTIL_TOLD_SECONDS);
    }
}
