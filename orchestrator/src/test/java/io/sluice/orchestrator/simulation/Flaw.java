package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.reconcile.HostPorts;
import io.sluice.agent.testing.FakeHost;
import io.sluice.orchestrator.drain.DrainReading;
import io.sluice.orchestrator.drain.FleetReading;
import io.sluice.orchestrator.migration.HostSpecs;
import io.sluice.orchestrator.migration.Situation;

/** Where a deliberately broken Sluice departs from the real one; the default departs nowhere. See {@link Variant}. */
interface Flaw {
    Flaw NONE = new Flaw() {};

    /** What a decision is shown. */
    default Situation shown(Situation situation) {
        return situation;
    }

    /** What planning is shown. */
    default FleetReading planned(FleetReading fleet) {
        return fleet;
    }

    /** Whether what was moved of others counts against the permission once it is over. */
    default boolean spendsPermissions() {
        return true;
    }

    /** What a drain's end is judged by. */
    default DrainReading judged(DrainReading drain) {
        return drain;
    }

    /** What a host is told of one migration. */
    default HostSpecs.Part told(HostSpecs.Part part) {
        return part;
    }

    /** What a host is told at all. */
    default HostSpec told(HostSpec spec) {
        return spec;
    }

    /** Whether a commit compares version and epoch. */
    default boolean comparesVersions() {
        return true;
    }

    /** Whether a commit of what takes a slot compares the hosts' generations. */
    default boolean comparesGenerations() {
        return true;
    }

    /** Whether a commit compares that the destination still takes something new. */
    default boolean comparesOpenness() {
        return true;
    }

    /** Whether a commit lets one member of a group alone into its cutover. */
    default boolean keepsGroupsApart() {
        return true;
    }

    /** Whether the database refuses to go back past Starting. */
    default boolean staysForward() {
        return true;
    }

    /** Whether replicas decide under leases, and for how long one holds; 0 is not at all. */
    default long leaseMillis() {
        return 0;
    }

    /** Whether a report that was overtaken is dropped. */
    default boolean ordersReports() {
        return true;
    }

    /** The epoch of a new migration, where the real one would be {@code fresh} and {@code observed} is the newest seen. */
    default long epoch(long fresh, long observed) {
        return fresh;
    }

    /** Whether a commit counts again what is under way below a ceiling. */
    default boolean countsPlacesAgain() {
        return true;
    }

    /** Whether the room that a lower rate makes is given away only once a host has that rate. */
    default boolean awaitsLowerRates() {
        return true;
    }

    /** Whether a host has a rate once it has done what its spec asks, not as soon as it has read it. */
    default boolean awaitsActions() {
        return true;
    }

    /** Whether what an operator keeps for good outlasts its policy. */
    default boolean keepsForGood() {
        return true;
    }

    /** Whether a deletion that was decided cannot be taken back. */
    default boolean deletesForGood() {
        return true;
    }

    /** Whether it is written down what a written-off worker may still hold of a migration that ends without it. */
    default boolean remembersWhatIsLeftBehind() {
        return true;
    }

    /** Whether an agent refuses a spec with a lower generation. */
    default boolean refusesOlderSpecs() {
        return true;
    }

    /** What an agent reports. */
    default HostReport reported(HostReport report, FakeHost host) {
        return report;
    }

    /** What is behind an agent's ports. */
    default HostPorts ports(HostPorts ports) {
        return ports;
    }

    /** Whether a hold outlasts a reboot. */
    default boolean keepsHolds() {
        return true;
    }
}
