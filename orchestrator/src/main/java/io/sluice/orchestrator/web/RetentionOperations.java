package io.sluice.orchestrator.web;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.problem.ProblemException;
import io.sluice.orchestrator.retention.RetainedCopy;
import io.sluice.orchestrator.retention.RetentionService;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** What an operator can ask about retained copies, checked, for REST and the pages alike; what is not there is a 404 problem. */
@Component
public class RetentionOperations {
    private final RetentionService retention;

    RetentionOperations(RetentionService retention) {
        this.retention = retention;
    }

    public List<RetainedCopyView> copies() {
        return retention.copies().stream().map(RetainedCopyView::of).toList();
    }

    public RetainedCopyView copy(String worker, String volume, long epoch) {
        return require(key(worker, volume, epoch));
    }

    /** Kept for good from here on. */
    public RetainedCopyView keep(String worker, String volume, long epoch, String actor) {
        RetainedCopy.Key key = key(worker, volume, epoch);
        require(key);
        if (!retention.keep(key, actor)) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "COPY_BEING_DELETED",
                    "the copy of volume '" + volume + "' on worker '" + worker + "' is being deleted",
                    "Nothing can be done: its worker may have deleted it already. The volume itself is where it was moved to.");
        }
        return require(key);
    }

    /**
     * Deleted as soon as its worker hears of it.
     *
     * @param confirm the volume's id, so that nobody deletes the wrong one
     */
    public RetainedCopyView delete(String worker, String volume, long epoch, @Nullable String confirm, String actor) {
        RetainedCopy.Key key = key(worker, volume, epoch);
        RetainedCopyView before = require(key);
        if (!volume.equals(confirm)) {
            throw new ProblemException(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "NOT_CONFIRMED",
                    "confirm is " + (confirm == null ? "left out" : "'" + confirm + "'") + ", not the volume's id",
                    "The copy cannot be brought back. To delete it, give confirm: \"" + volume + "\".");
        }
        return retention.delete(key, actor) ? require(key) : before;
    }

    private RetainedCopyView require(RetainedCopy.Key key) {
        var found = retention.find(key);
        if (found == null) {
            throw new ProblemException(
                    HttpStatus.NOT_FOUND,
                    "COPY_UNKNOWN",
                    "worker '" + key.worker() + "' keeps no copy of volume '" + key.volume() + "' of epoch "
                            + key.epoch(),
                    "See GET /api/v1/retained-copies for those that there are.");
        }
        return RetainedCopyView.of(found);
    }

    private static RetainedCopy.Key key(String worker, String volume, long epoch) {
        try {
            return new RetainedCopy.Key(new WorkerId(worker), new VolumeId(volume), epoch);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    HttpStatus.NOT_FOUND,
                    "COPY_UNKNOWN",
                    "no such copy: " + e.getMessage(),
                    "See GET /api/v1/retained-copies for those that there are.");
        }
    }
}
