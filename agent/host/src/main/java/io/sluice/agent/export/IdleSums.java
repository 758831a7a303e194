package io.sluice.agent.export;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.ChecksummedDisk;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the sums of a frozen volume known while nobody reads its export, so that verifying a copy need not wait for them. What was
 * given out has its sum already; this reads the rest, once.
 */
final class IdleSums {
    private static final Logger log = LoggerFactory.getLogger(IdleSums.class);

    /** Nobody reads for so long: a workload that boots on the other side, or copying, has shorter pauses. */
    private static final Duration IDLE = Duration.ofSeconds(2);

    /** At a time: a read that comes meanwhile waits for one region at most. */
    private static final int REGIONS = 64;

    private final ChecksummedDisk disk;
    private long readsBefore = -1;
    private long next;

    IdleSums(ChecksummedDisk disk) {
        this.disk = disk;
    }

    /** On a thread of its own, until all is known or the disk is closed. */
    void start() {
        Thread.ofVirtual().name("idle-sums").start(() -> {
            try {
                do {
                    Thread.sleep(IDLE);
                } while (step());
            } catch (BlockDeviceException e) {
                log.debug("sums are made when they are asked for disk={} reason={}", disk, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Some time is over: goes on if nobody has read since the last one, until somebody does. Returns whether there is more to do. */
    boolean step() {
        long reads = disk.reads();
        boolean idle = reads == readsBefore;
        readsBefore = reads;
        while (idle && next >= 0) {
            for (int i = 0; i < REGIONS && next >= 0 && disk.reads() == reads; i++) {
                next = disk.sumNext(next);
            }
            idle = disk.reads() == reads;
        }
        return next >= 0;
    }
}
