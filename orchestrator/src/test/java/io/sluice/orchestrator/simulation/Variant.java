package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.Clones;
import io.sluice.agent.reconcile.HostPorts;
import io.sluice.agent.testing.FakeHost;
import io.sluice.orchestrator.drain.DrainReading;
import io.sluice.orchestrator.drain.FleetReading;
import io.sluice.orchestrator.migration.HostSpecs;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.Situation;
import java.util.List;

/** Deliberately broken Sluices. Each departs in one point from the real one, and the simulation must notice. */
enum Variant implements Flaw {
    VERSION_NOT_COMPARED("a commit does not compare the version it read") {
        @Override
        public boolean comparesVersions() {
            return false;
        }
    },
    LEASE_TRUSTED("a replica that took a lease commits without comparing: it may have been stopped since") {
        @Override
        public boolean comparesVersions() {
            return false;
        }

        @Override
        public long leaseMillis() {
            return 6_000;
        }
    },
    SLOT_NOT_COMPARED("a migration begins in a slot that was free when it was read", 2390) {
        @Override
        public boolean comparesGenerations() {
            return false;
        }
    },
    PLACE_NOT_COUNTED_AGAIN("a migration begins under a ceiling that had a place when it was read", 1500) {
        @Override
        public boolean countsPlacesAgain() {
            return false;
        }
    },
    ROOM_GIVEN_TWICE("what one is to give up is given to another before it has") {
        @Override
        public boolean awaitsLowerRates() {
            return false;
        }
    },
    RATE_BELIEVED_WHEN_READ("a host that has read its spec is taken for one that keeps to it") {
        @Override
        public boolean awaitsActions() {
            return false;
        }
    },
    OTHERS_FORGOTTEN("a decision does not see the other migrations") {
        @Override
        public Situation shown(Situation it) {
            return Situations.alone(it);
        }
    },
    TWO_CUTOVERS_IN_A_GROUP("no index keeps the members of a group apart, and nobody looks") {
        @Override
        public Situation shown(Situation it) {
            return Situations.withoutGroups(it);
        }

        @Override
        public boolean keepsGroupsApart() {
            return false;
        }
    },
    ACT_BEFORE_COMMIT("a host is told to start the workload before that is committed", 360) {
        @Override
        public HostSpecs.Part told(HostSpecs.Part part) {
            return Situations.as(part, Reversible.CLONING, ForwardOnly.STARTING);
        }
    },
    STALE_REPORT_BELIEVED("a report of an older spec moves a migration") {
        @Override
        public Situation shown(Situation it) {
            return Situations.upToDate(it);
        }
    },
    LATE_REPORT_TAKEN("a report that was overtaken replaces a newer one", 1120) {
        @Override
        public boolean ordersReports() {
            return false;
        }
    },
    FREEZE_NOT_AWAITED("cloning begins while the workload may still write") {
        @Override
        public HostSpecs.Part told(HostSpecs.Part part) {
            return Situations.as(part, Reversible.STOPPING, Reversible.CLONING);
        }

        @Override
        public Situation shown(Situation it) {
            return Situations.frozen(it);
        }
    },
    EXPORT_CLOSED_EARLY("the source lets go while bytes are missing") {
        @Override
        public HostSpecs.Part told(HostSpecs.Part part) {
            return Situations.as(part, ForwardOnly.HYDRATING, ForwardOnly.RELEASING);
        }
    },
    RELEASED_BEFORE_SETTLED("the source lets go while the destination still reads through its clone device") {
        @Override
        public HostSpecs.Part told(HostSpecs.Part part) {
            return Situations.as(part, ForwardOnly.SETTLING, ForwardOnly.RELEASING);
        }
    },
    SETTLED_WITHOUT_VERIFYING("a copy is taken for good without being compared") {
        @Override
        public HostPorts ports(HostPorts ports) {
            return new HostPorts(
                    ports.volumes(), ports.workloads(), ports.exports(), new Credulous(ports.clones()), ports.disks());
        }
    },
    RETENTION_IGNORED("a released copy is deleted at once") {
        @Override
        public HostSpecs.Part told(HostSpecs.Part part) {
            return Situations.keptFor(part, 0);
        }
    },
    POLICY_OVER_KEEPING("what an operator keeps for good is deleted when its policy says so") {
        @Override
        public boolean keepsForGood() {
            return false;
        }
    },
    DELETION_TAKEN_BACK("what a host was told to delete can still be kept for good", 200) {
        @Override
        public boolean deletesForGood() {
            return false;
        }
    },
    LEFT_BEHIND_AND_FORGOTTEN(
            "what a written-off worker still holds of a migration is nobody's concern when it comes back") {
        @Override
        public boolean remembersWhatIsLeftBehind() {
            return false;
        }
    },
    ABORTED_PAST_RETURN("giving up is obeyed past Starting") {
        @Override
        public HostSpecs.Part told(HostSpecs.Part part) {
            return part.migration().intent() == Intent.ABORT
                    ? Situations.as(part, ForwardOnly.HYDRATING, Reversible.ABORTING)
                    : part;
        }
    },
    CORDON_IGNORED("a migration does not look whether its destination still takes anything") {
        @Override
        public Situation shown(Situation it) {
            return Situations.open(it);
        }

        @Override
        public boolean comparesOpenness() {
            return false;
        }
    },
    RESERVATION_FORGOTTEN("planning gives room away that is promised") {
        @Override
        public FleetReading planned(FleetReading fleet) {
            return Situations.unreserved(fleet);
        }
    },
    PERMISSION_NOT_SPENT("what was moved of others does not count once it is over", 540) {
        @Override
        public boolean spendsPermissions() {
            return false;
        }
    },
    RETIRED_COPY_NOT_AWAITED("room is taken for made while the copy of what was moved still lies there", 170) {
        @Override
        public FleetReading planned(FleetReading fleet) {
            return Situations.withoutRetired(fleet);
        }
    },
    EPOCH_GIVEN_TWICE("a new migration's epoch is above what was observed, not above what was given out") {
        @Override
        public long epoch(long fresh, long observed) {
            return observed + 1;
        }
    },
    GENERATION_NOT_COMPARED("an agent takes an older spec than it has") {
        @Override
        public boolean refusesOlderSpecs() {
            return false;
        }
    },
    GENERATION_READ_APART("a spec's generation and its content come from two readings") {
        @Override
        public HostSpec told(HostSpec spec) {
            return spec.generation() == 0
                    ? spec
                    : new HostSpec(
                            spec.worker(), spec.generation() - 1, spec.outgoing(), spec.incoming(), spec.deletions());
        }
    },
    HOLD_NOT_DURABLE("a reboot forgets that a workload must not start") {
        @Override
        public boolean keepsHolds() {
            return false;
        }
    },
    IN_FLIGHT_NOT_SHOWN("a report leaves out what an action is about to bring forth") {
        @Override
        public HostReport reported(HostReport report, FakeHost host) {
            return Situations.withoutInFlight(report, host);
        }
    },
    DRAINED_TOO_EARLY("a worker is called drained while migrations still need it") {
        @Override
        public DrainReading judged(DrainReading it) {
            return Situations.withoutDependencies(it);
        }
    };

    private final String words;
    private final long from;

    Variant(String words) {
        this(words, 1);
    }

    /** What takes a rare meeting of two things is looked for from shortly before the seed that had it last. */
    Variant(String words, long from) {
        this.words = words;
        this.from = from;
    }

    /** The seed to begin with where time matters. */
    long from() {
        return from;
    }

    /** What is broken. */
    String words() {
        return words;
    }

    /** Says of every copy that it was compared and is right. */
    private record Credulous(Clones clones) implements Clones {
        @Override
        public List<CloneState> observe() {
            return clones.observe().stream().map(Credulous::right).toList();
        }

        private static CloneState right(CloneState clone) {
            VerificationReport seen = clone.verification();
            return seen == null
                    ? clone
                    : new CloneState(
                            clone.migration(),
                            clone.volume(),
                            clone.stage(),
                            clone.attachment(),
                            clone.hydration(),
                            clone.order(),
                            new VerificationReport(
                                    seen.verifiedRegions(), seen.writtenRegions(), seen.holeRegions(), 0));
        }

        @Override
        public void attach(CloneOrder order) {
            clones.attach(order);
        }

        @Override
        public void raise(CloneOrder order) {
            clones.raise(order);
        }

        @Override
        public void hydrate(io.sluice.agent.api.VolumeId volume, io.sluice.agent.api.HydrationOrder order) {
            clones.hydrate(volume, order);
        }

        @Override
        public void verify(io.sluice.agent.api.VolumeId volume) {
            clones.verify(volume);
        }

        @Override
        public void drop(io.sluice.agent.api.VolumeId volume) {
            clones.drop(volume);
        }
    }
}
