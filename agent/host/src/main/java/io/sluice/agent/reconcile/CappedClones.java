package io.sluice.agent.reconcile;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clones whose background copying keeps to a ceiling of this host as well as to the order's own. What is observed names the
 * order as it was given, so that the planner sees it met.
 */
public final class CappedClones implements Clones {
    private final Clones clones;
    private final long bytesPerSecond;
    private final Map<VolumeId, HydrationOrder> given = new ConcurrentHashMap<>();

    /** Each volume on its own may be copied that fast. */
    public CappedClones(Clones clones, long bytesPerSecond) {
        this.clones = clones;
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public List<CloneState> observe() {
        return clones.observe().stream().map(this::asGiven).toList();
    }

    private CloneState asGiven(CloneState clone) {
        HydrationOrder order = clone.order() == null ? null : given.getOrDefault(clone.volume(), clone.order());
        return new CloneState(
                clone.migration(),
                clone.volume(),
                clone.stage(),
                clone.attachment(),
                clone.hydration(),
                order,
                clone.verification(),
                clone.problem());
    }

    @Override
    public void hydrate(VolumeId volume, HydrationOrder order) {
        Long ceiling = order.bytesPerSecond();
        clones.hydrate(volume, order.within(ceiling == null ? bytesPerSecond : Math.min(ceiling, bytesPerSecond)));
        given.put(volume, order);
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
    public void verify(VolumeId volume) {
        clones.verify(volume);
    }

    @Override
    public void drop(VolumeId volume) {
        clones.drop(volume);
        given.remove(volume);
    }
}
