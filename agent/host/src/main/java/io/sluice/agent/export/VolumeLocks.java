package io.sluice.agent.export;

import io.sluice.agent.api.VolumeId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One action on a volume at a time. Volumes do not wait for each other: ending a target waits for its commands, and those may
 * be waiting for another host.
 */
final class VolumeLocks {
    private final Map<VolumeId, ReentrantLock> locks = new ConcurrentHashMap<>();

    void alone(VolumeId volume, Runnable action) {
        ReentrantLock lock = locks.computeIfAbsent(volume, key -> new ReentrantLock());
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
