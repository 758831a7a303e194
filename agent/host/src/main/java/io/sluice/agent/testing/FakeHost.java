package io.sluice.agent.testing;

import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.reconcile.AgentIdentity;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.ExportOrder;
import io.sluice.agent.reconcile.ExportState;
import io.sluice.agent.reconcile.HostAgent;
import io.sluice.agent.reconcile.HostPorts;
import io.sluice.agent.reconcile.SpecLedger;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A host whose disks survive {@link #crashAgent()} and {@link #reboot()}, and whose exports, disks and clone devices do not.
 * {@link #startAgent} gives the real agent logic over it.
 */
public final class FakeHost {
    private final WorkerId worker;
    private final FakeVolumes volumes;
    private final FakeWorkloads workloads = new FakeWorkloads();
    private final FakeExports exports;
    private final FakeClones clones;
    private final FakeDisks disks;
    private final FakeLedger ledger = new FakeLedger();
    private long incarnation;
    private long boots = 1;

    FakeHost(WorkerId worker, FakeFleet fleet) {
        this.worker = worker;
        this.volumes = new FakeVolumes();
        this.exports = new FakeExports(volumes);
        this.clones = new FakeClones(worker, volumes, fleet);
        this.disks = new FakeDisks(clones);
    }

    public WorkerId worker() {
        return worker;
    }

    public void addPool(PoolName pool, long capacityBytes) {
        volumes.addPool(pool, capacityBytes);
    }

    /** A volume that was always here: zeroed, owned, epoch 0. */
    public void addVolume(VolumeId volume, PoolName pool, int blocks) {
        volumes.add(new FakeVolume(volume, pool, blocks, Standing.DISCOVERED));
    }

    public void addWorkload(WorkloadDefinition definition, WorkloadStatus status) {
        workloads.add(definition, status);
    }

    /** What was on a volume before anything happened here. */
    public void setContent(VolumeId volume, int block, long content) {
        volumes.require(volume).write(block, content);
    }

    /** What else fills the medium under the pool from now on. */
    public void fillPool(PoolName pool, long bytes) {
        volumes.fill(pool, bytes);
    }

    /** The pool in which retired copies lie cannot be read from now on, or can again. */
    public void hideRetiredCopies(boolean hidden) {
        volumes.hideRetired(hidden);
    }

    /** A new run of the agent over what is durable here. */
    public HostAgent startAgent(Executor executor, RandomGenerator jitter) {
        return startAgent(executor, jitter, UnaryOperator.identity());
    }

    /** A new run of the agent, which reaches the host through what {@code around} makes of its ports. */
    public HostAgent startAgent(Executor executor, RandomGenerator jitter, UnaryOperator<HostPorts> around) {
        incarnation++;
        return new HostAgent(
                new AgentIdentity(worker, incarnation, "boot-" + worker + "-" + boots),
                around.apply(new HostPorts(volumes, workloads, exports, clones, disks)),
                ledger,
                executor,
                jitter);
    }

    /** SIGKILL of the agent: exports, disks and clone devices are gone, workloads go on and wait for their disks. */
    public void crashAgent() {
        exports.crash();
        disks.crash();
        clones.crash();
        workloads.crashAgent();
    }

    /** Power cut: as {@link #crashAgent()}, and no workload runs. */
    public void reboot() {
        crashAgent();
        boots++;
        workloads.stopAll();
    }

    /** What an agent would find that kept its last spec badly. */
    public void setLedger(HostSpec spec) {
        ledger.write(spec);
    }

    /** What a host would be that kept its holds badly. */
    public void forgetHolds() {
        workloads.forgetHolds();
    }

    /** An administrator stops the workload, past its agent. */
    public void stopByHand(WorkloadId workload) {
        workloads.stop(workload);
    }

    /** The exports are gone while the agent lives; it opens them again when it looks. */
    public void loseExports() {
        exports.crash();
    }

    /** Everything on the host is lost, for ever. */
    public void wipe() {
        reboot();
        volumes.wipe();
        workloads.wipe();
        clones.wipe();
        ledger.write(HostSpec.empty(worker));
    }

    /** What was copied into the volume's clone turns into something else; returns whether there was such a block. */
    public boolean spoilCopy(VolumeId volume, long content) {
        FakeClone clone = clones.find(volume);
        return clone != null && clone.spoil(content);
    }

    /** Copies one block of every clone that may; returns how many were copied. */
    public int hydrateStep() {
        return clones.copyOneEach();
    }

    /** Copies what the rates of its clones allow in that time, one block of each that has none; returns how many blocks that were. */
    public int hydrateFor(long millis) {
        return clones.copyFor(millis);
    }

    /**
     * Bytes/s that copying of the volume may put on the wire now, as both its hosts hold it back; 0 while it is not copied here,
     * {@link Long#MAX_VALUE} where nothing holds it back.
     */
    public long copyingBytesPerSecond(VolumeId volume) {
        FakeClone clone = clones.find(volume);
        return clone == null ? 0 : clone.bytesPerSecond();
    }

    /**
     * The workload writes. Returns whether the write was acknowledged: it runs and its disk is served.
     *
     * @throws IllegalStateException when the volume could be written where it must not
     */
    public boolean write(WorkloadId workload, VolumeId volume, int block, long content) {
        if (!canUse(workload, volume)) {
            return false;
        }
        FakeClone clone = disks.cloneBehind(volume);
        if (clone == null) {
            volumes.require(volume).write(block, content);
        } else {
            clone.write(block, content);
        }
        return true;
    }

    /** What the workload reads; null when it does not run, its disk is not served, or the read has to wait. */
    public @Nullable Long read(WorkloadId workload, VolumeId volume, int block) {
        if (!canUse(workload, volume)) {
            return null;
        }
        FakeClone clone = disks.cloneBehind(volume);
        return clone == null ? Long.valueOf(volumes.require(volume).read(block)) : clone.read(block);
    }

    /** What the copy that is not retired holds, through its clone device while it is not whole; null when that is not known here. */
    public @Nullable Long content(VolumeId volume, int block) {
        FakeVolume found = volumes.current(volume);
        FakeClone clone = clones.find(volume);
        if (found == null || (clone == null && !found.standing().whole())) {
            return null;
        }
        return clone == null || found.standing().whole() ? Long.valueOf(found.read(block)) : clone.read(block);
    }

    private boolean canUse(WorkloadId workload, VolumeId volume) {
        return workloads.isRunning(workload) && workloads.owns(workload, volume) && disks.isServed(volume);
    }

    public boolean isRunning(WorkloadId workload) {
        return workloads.isRunning(workload);
    }

    /** The copy that is not retired; null when there is none. */
    public @Nullable FakeVolume volume(VolumeId volume) {
        return volumes.current(volume);
    }

    /** Whether this host would let a workload write the volume. */
    public boolean isWritable(VolumeId volume) {
        FakeVolume found = volumes.current(volume);
        return found != null && found.standing().role() == VolumeRole.OWNED;
    }

    /** Every copy here, retired ones included. */
    public List<VolumeState> copies() {
        return volumes.copies();
    }

    public List<PoolReport> pools() {
        return volumes.observe().pools();
    }

    public List<ExportState> exports() {
        return exports.observe();
    }

    public List<CloneState> clones() {
        return clones.observe();
    }

    public int openExports() {
        return exports.observe().size();
    }

    public int clonesLeft() {
        return clones.observe().size();
    }

    @Nullable
    ExportOrder exportOrder(String target) {
        return exports.order(target);
    }

    @Nullable
    FakeVolume exported(String target) {
        return exports.behind(target);
    }

    private static final class FakeLedger implements SpecLedger {
        private @Nullable HostSpec stored;

        @Override
        public @Nullable HostSpec read() {
            return stored;
        }

        @Override
        public void write(HostSpec spec) {
            stored = spec;
        }
    }
}
