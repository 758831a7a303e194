package io.sluice.orchestrator.alert;

import io.sluice.orchestrator.settings.ServerSettings;
import java.util.List;
import org.springframework.stereotype.Service;

/** Looks whether anything is alarming. Any replica may look at any time: they all see the same. */
@Service
public class AlarmWatch {
    private final AlarmStore store;
    private final AlarmPolicy policy;

    AlarmWatch(AlarmStore store, ServerSettings settings) {
        this.store = store;
        this.policy = new AlarmPolicy(
                settings.alerts().stuckAfter(),
                settings.alerts().exposureAfter(),
                settings.lostAfter(),
                settings.alerts().deadlineMargin());
    }

    public void look() {
        store.settle(Alarms.of(store.readings(policy.lostAfter()), policy));
    }

    public List<AlarmStore.Raised> raised() {
        return store.raised();
    }
}
