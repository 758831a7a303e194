package io.sluice.agent.testing;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.reconcile.ExportOrder;
import io.sluice.agent.reconcile.ExportState;
import io.sluice.agent.reconcile.Exports;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Open exports; a crash closes them. */
final class FakeExports implements Exports {
    private final FakeVolumes volumes;
    private final List<ExportOrder> open = new ArrayList<>();

    FakeExports(FakeVolumes volumes) {
        this.volumes = volumes;
    }

    void crash() {
        open.clear();
    }

    @Nullable
    FakeVolume behind(String target) {
        for (ExportOrder order : open) {
            if (order.access().target().equals(target)) {
                return volumes.current(order.volume());
            }
        }
        return null;
    }

    @Nullable
    ExportOrder order(String target) {
        for (ExportOrder order : open) {
            if (order.access().target().equals(target)) {
                return order;
            }
        }
        return null;
    }

    @Override
    public List<ExportState> observe() {
        return open.stream().map(order -> new ExportState(order, 0, 0)).toList();
    }

    @Override
    public void open(ExportOrder order) {
        volumes.require(order.volume());
        close(order.migration(), order.volume());
        open.add(order);
    }

    @Override
    public void close(MigrationId migration, VolumeId volume) {
        open.removeIf(
                order -> order.migration().equals(migration) && order.volume().equals(volume));
    }
}
