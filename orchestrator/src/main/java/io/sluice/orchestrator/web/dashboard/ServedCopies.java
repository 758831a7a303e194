package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.RetainedCopyView;
import io.sluice.orchestrator.web.RetentionOperations;
import java.util.List;
import org.springframework.stereotype.Component;

/** The pages' port over what REST answers from. */
@Component
class ServedCopies implements CopyActions {
    private final RetentionOperations retention;

    ServedCopies(RetentionOperations retention) {
        this.retention = retention;
    }

    @Override
    public List<RetainedCopyView> copies() {
        return retention.copies();
    }

    @Override
    public RetainedCopyView copy(String worker, String volume, long epoch) {
        return retention.copy(worker, volume, epoch);
    }

    @Override
    public void keep(String worker, String volume, long epoch, String actor) {
        retention.keep(worker, volume, epoch, actor);
    }

    @Override
    public void delete(String worker, String volume, long epoch, String confirm, String actor) {
        retention.delete(worker, volume, epoch, confirm, actor);
    }
}
