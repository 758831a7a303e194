package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.DeviceName;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a second pass for all clones, and waits on the kernel's events meanwhile (a clone is whole, or its metadata failed), so that
 * neither waits for the second to be over. Clones with a ceiling are looked at as often as keeping it takes.
 */
public final class CloneWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CloneWatch.class);

    private static final Duration TICK = Duration.ofSeconds(1);

    /** A wait is begun anew at least so often: what came between two of them is seen then, and by the ticks. */
    private static final Duration EVENT_LIMIT = Duration.ofMinutes(1);

    private final KernelClones clones;
    private final DeviceMapper mapper;
    private final Runnable news;
    private final Set<VolumeId> awaited = ConcurrentHashMap.newKeySet();
    private final Set<VolumeId> capped = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param news called as soon as a clone is whole or in trouble; quick, and harmless when called more than once */
    public CloneWatch(KernelClones clones, DeviceMapper mapper, Runnable news) {
        this.clones = clones;
        this.mapper = mapper;
        this.news = news;
    }

    public void start() {
        Thread.ofVirtual().name("clone-ticks").start(this::tick);
    }

    private void tick() {
        try {
            while (!closed.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    if (clones.tick()) {
                        news.run();
                    }
                    clones.hydrating().forEach(volume -> {
                        awaitEvents(volume);
                        keepCeiling(volume);
                    });
                } catch (RuntimeException e) {
                    log.warn("a clone could not be looked at or driven, trying again: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEvents(VolumeId volume) {
        if (awaited.add(volume)) {
            Thread.ofVirtual().name("clone-events-" + volume).start(() -> {
                try {
                    waitWhileHydrating(volume);
                } catch (RuntimeException e) {
                    log.warn("no events of a clone, its ticks have to do: volume={} reason={}", volume, e.getMessage());
                } finally {
                    awaited.remove(volume);
                }
            });
        }
    }

    /** Where the volume has a ceiling, as long as it has one; the next tick looks again. */
    private void keepCeiling(VolumeId volume) {
        if (!capped.add(volume)) {
            return;
        }
        Thread.ofVirtual().name("clone-ceiling-" + volume).start(() -> {
            try {
                Duration next = clones.keepCeiling(volume);
                while (next != null && !closed.await(next.toNanos(), TimeUnit.NANOSECONDS)) {
                    next = clones.keepCeiling(volume);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.warn("a clone is not kept to its ceiling now: volume={} reason={}", volume, e.getMessage());
            } finally {
                capped.remove(volume);
            }
        });
    }

    private void waitWhileHydrating(VolumeId volume) {
        DeviceName device = DeviceName.clone(volume);
        Long seen = mapper.events(device);
        while (seen != null && closed.getCount() > 0 && clones.hydrating().contains(volume)) {
            Long now = mapper.awaitEvent(device, seen, EVENT_LIMIT);
            if (now != null && now > seen && clones.look(volume)) {
                news.run();
            }
            seen = now;
        }
    }

    /** The devices stay, and go on copying. */
    @Override
    public void close() {
        closed.countDown();
    }
}
