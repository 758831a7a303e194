package io.sluice.orchestrator.retention;

import io.sluice.agent.api.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** What operators can ask about retained copies, and what policy does with them. Every call may be repeated. */
@Service
public class RetentionService {
    private static final Logger log = LoggerFactory.getLogger(RetentionService.class);

    private final RetentionStore store;

    RetentionService(RetentionStore store) {
        this.store = store;
    }

    public List<RetainedCopy> copies() {
        return store.copies();
    }

    /** Null when there is none, or it is gone. */
    public @Nullable RetainedCopy find(RetainedCopy.Key copy) {
        return store.find(copy);
    }

    /** From here on it is never deleted unless somebody asks for that. False when it is too late. */
    public boolean keep(RetainedCopy.Key copy, String actor) {
        boolean kept = store.keep(copy, actor);
        if (kept) {
            log.info(
                    "retained copy kept worker={} volume={} epoch={} actor={}",
                    copy.worker(),
                    copy.volume(),
                    copy.epoch(),
                    actor);
        }
        return kept;
    }

    /** Its worker deletes it as soon as it hears of it. False when it is gone already. */
    public boolean delete(RetainedCopy.Key copy, String actor) {
        boolean deleted = store.delete(copy, actor);
        if (deleted) {
            log.info(
                    "retained copy to be deleted worker={} volume={} epoch={} actor={}",
                    copy.worker(),
                    copy.volume(),
                    copy.epoch(),
                    actor);
        }
        return deleted;
    }

    /** What policy does now. */
    public void look() {
        for (WorkerId worker : store.due()) {
            if (store.settle(worker)) {
                log.info("retained copies settled worker={}", worker);
            }
        }
    }
}
