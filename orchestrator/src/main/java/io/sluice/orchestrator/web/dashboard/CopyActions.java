package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.RetainedCopyView;
import java.util.List;

/** What the pages show of retained copies, and what an operator can decide over them there. */
public interface CopyActions {

    List<RetainedCopyView> copies();

    RetainedCopyView copy(String worker, String volume, long epoch);

    void keep(String worker, String volume, long epoch, String actor);

    /** {@code confirm} is the volume's id once more. */
    void delete(String worker, String volume, long epoch, String confirm, String actor);
}
