package io.sluice.agent.attach;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.Clones;
import java.util.ArrayList;
import java.util.List;

/** Clones of both engines: each volume's by the one that has begun with it, a new one's by the one its order names. */
public final class EngineClones implements Clones {
    private final Clones portable;
    private final Clones kernel;

    public EngineClones(Clones portable, Clones kernel) {
        this.portable = portable;
        this.kernel = kernel;
    }

    @Override
    public List<CloneState> observe() {
        List<CloneState> found = new ArrayList<>(portable.observe());
        found.addAll(kernel.observe());
        return List.copyOf(found);
    }

    @Override
    public void attach(CloneOrder order) {
        of(order).attach(order);
    }

    @Override
    public void raise(CloneOrder order) {
        of(order).raise(order);
    }

    @Override
    public void hydrate(VolumeId volume, HydrationOrder order) {
        (holds(kernel, volume) ? kernel : portable).hydrate(volume, order);
    }

    @Override
    public void verify(VolumeId volume) {
        (holds(kernel, volume) ? kernel : portable).verify(volume);
    }

    /** By both: what an earlier attempt left may be of the other engine. */
    @Override
    public void drop(VolumeId volume) {
        if (holds(kernel, volume)) {
            kernel.drop(volume);
        }
        portable.drop(volume);
    }

    private Clones of(CloneOrder order) {
        VolumeId volume = order.volume().volume();
        if (holds(kernel, volume)) {
            return kernel;
        }
        if (holds(portable, volume)) {
            return portable;
        }
        return switch (order.volume().engineOrPortable()) {
            case DM_CLONE -> kernel;
            case PORTABLE -> portable;
        };
    }

    private static boolean holds(Clones engine, VolumeId volume) {
        return engine.observe().stream().anyMatch(clone -> clone.volume().equals(volume));
    }
}
