package io.sluice.agent.testing;

import io.sluice.agent.api.WorkerId;
import io.sluice.agent.reconcile.ExportOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fake hosts and the network between them. */
public final class FakeFleet {
    private final Map<WorkerId, FakeHost> hosts = new LinkedHashMap<>();
    private final Set<WorkerId> cutOff = new HashSet<>();

    public FakeHost addHost(WorkerId worker) {
        FakeHost host = new FakeHost(worker, this);
        hosts.put(worker, host);
        return host;
    }

    public List<FakeHost> hosts() {
        return new ArrayList<>(hosts.values());
    }

    /** From now on the host's exports cannot be reached, nor can it reach others'. */
    public void cut(WorkerId worker) {
        cutOff.add(worker);
    }

    public void heal(WorkerId worker) {
        cutOff.remove(worker);
    }

    /** How an export is open, whether it can be reached or not; null when it is not open. */
    @Nullable
    ExportOrder exportOrder(String target) {
        for (FakeHost host : hosts.values()) {
            ExportOrder order = host.exportOrder(target);
            if (order != null) {
                return order;
            }
        }
        return null;
    }

    /** The blocks behind an open export; null when it is not open or not to be reached. */
    @Nullable
    FakeVolume export(WorkerId from, String target) {
        if (cutOff.contains(from)) {
            return null;
        }
        for (FakeHost host : hosts.values()) {
            FakeVolume volume = cutOff.contains(host.worker()) ? null : host.exported(target);
            if (volume != null) {
                return volume;
            }
        }
        return null;
    }
}
