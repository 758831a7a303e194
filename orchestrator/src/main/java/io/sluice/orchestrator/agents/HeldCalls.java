package io.sluice.orchestrator.agents;

import io.sluice.agent.api.WorkerId;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Syncs that wait for something new, at most one per worker. Enter first, then look at what there is, then wait: a wake-up
 * between looking and waiting is kept. Other replicas' wake-ups come in here too.
 */
@Component
public class HeldCalls {
    private final ConcurrentHashMap<WorkerId, Held> calls = new ConcurrentHashMap<>();
    private final Specs specs;

    HeldCalls(Specs specs) {
        this.specs = specs;
    }

    /** One sync that may have to wait. */
    final class Held implements AutoCloseable {
        private final WorkerId worker;
        private final Semaphore wakeUps = new Semaphore(0);
        private volatile boolean superseded;

        private final long incarnation;
        private final long sequence;

        private Held(WorkerId worker, long incarnation, long sequence) {
            this.worker = worker;
            this.incarnation = incarnation;
            this.sequence = sequence;
        }

        private boolean isAfter(Held other) {
            return incarnation > other.incarnation || (incarnation == other.incarnation && sequence > other.sequence);
        }

        /** Waits for a wake-up that came since the last return; false when none came in time or a newer sync took over. */
        boolean await(Duration limit) throws InterruptedException {
            if (superseded || !wakeUps.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
            wakeUps.drainPermits();
            return !superseded;
        }

        private void supersede() {
            superseded = true;
            wakeUps.release();
        }

        @Override
        public void close() {
            calls.remove(worker, this);
        }
    }

    /** Takes the worker's place for the call of this report; of two calls the one of the older report ends, whichever comes first. */
    Held enter(WorkerId worker, long incarnation, long sequence) {
        Held mine = new Held(worker, incarnation, sequence);
        calls.compute(worker, (same, there) -> {
            if (there != null && there.isAfter(mine)) {
                mine.supersede();
                return there;
            }
            if (there != null) {
                there.supersede();
            }
            return mine;
        });
        return mine;
    }

    /** Ends the call that waits, if any: whoever made it has registered anew, and numbers its reports anew perhaps. */
    void end(WorkerId worker) {
        specs.forget(worker);
        Held there = calls.remove(worker);
        if (there != null) {
            there.supersede();
        }
    }

    /** Something changed for this worker. Harmless without a call, or too often. */
    public void wake(WorkerId worker) {
        specs.forget(worker);
        Held held = calls.get(worker);
        if (held != null) {
            held.wakeUps.release();
        }
    }

    /** Something may have changed for any worker. */
    public void wakeAll() {
        calls.values().forEach(held -> held.wakeUps.release());
    }

    /** From now on every commit is told here. What was told before is unknown, so every call looks once. */
    public void listening() {
        specs.listening();
        wakeAll();
    }

    /** From now on commits of other replicas may go unheard. */
    public void deaf() {
        specs.deaf();
    }

    /** Wakes the worker's call if what it was answered last is of another generation: a commit went unheard. */
    void isNow(WorkerId worker, long generation) {
        if (specs.isOld(worker, generation)) {
            wake(worker);
        }
    }

    /** How many syncs there are right now. */
    public int count() {
        return calls.size();
    }
}
