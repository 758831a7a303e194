package io.sluice.agent.testing;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.Clones;
import io.sluice.agent.reconcile.HostActionException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Clones by volume; their bitmaps survive a crash. */
final class FakeClones implements Clones {
    private final WorkerId here;
    private final FakeVolumes volumes;
    private final FakeFleet fleet;
    private final Map<VolumeId, FakeClone> clones = new LinkedHashMap<>();

    FakeClones(WorkerId here, FakeVolumes volumes, FakeFleet fleet) {
        this.here = here;
        this.volumes = volumes;
        this.fleet = fleet;
    }

    void crash() {
        clones.values().forEach(FakeClone::crash);
    }

    void wipe() {
        clones.clear();
    }

    int copyOneEach() {
        return (int) clones.values().stream().filter(FakeClone::copyOne).count();
    }

    int copyFor(long millis) {
        return clones.values().stream().mapToInt(clone -> clone.copyFor(millis)).sum();
    }

    @Nullable
    FakeClone find(VolumeId volume) {
        return clones.get(volume);
    }

    private FakeClone require(VolumeId volume) {
        FakeClone clone = clones.get(volume);
        if (clone == null) {
            throw new HostActionException("CLONE_MISSING", FailureKind.RETRY, "volume " + volume + " has no clone");
        }
        return clone;
    }

    @Override
    public List<CloneState> observe() {
        return clones.values().stream().map(FakeClone::state).toList();
    }

    @Override
    public void attach(CloneOrder order) {
        VolumeId volume = order.volume().volume();
        FakeClone clone = clones.get(volume);
        if (clone == null) {
            clone = new FakeClone(order, volumes.require(volume), fleet, here);
        }
        clone.attach();
        clones.put(volume, clone);
    }

    @Override
    public void raise(CloneOrder order) {
        require(order.volume().volume()).raise();
    }

    @Override
    public void hydrate(VolumeId volume, HydrationOrder order) {
        require(volume).hydrate(order);
    }

    @Override
    public void verify(VolumeId volume) {
        require(volume).verify();
    }

    @Override
    public void drop(VolumeId volume) {
        clones.remove(volume);
    }
}
