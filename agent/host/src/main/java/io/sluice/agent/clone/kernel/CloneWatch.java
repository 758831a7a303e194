package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.reconcile.HostActionException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a second pass for all clones, and waits on the kernel's events meanwhile (a clone is whole, or its metadata failed), so that
 * neither waits for the second to be over. Clones with a ceiling are looked at as often as keeping it takes. Each clone is seen to by
 * itself: one whose disks fail or hang keeps no other waiting.
 */
public final class CloneWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CloneWatch.class);

    private static final Duration TICK = Duration.ofSeconds(1);

    /** A wait is begun anew at least so often: what came between two of them is seen then, and by the ticks. */
    private static final Duration EVENT_LIMIT = Duration.ofMinutes(1);

    private final KernelClones clones;
    private final DeviceMapper mapper;
    private final Runnable news;
    private final Duty ticks = new Duty("ticks");
    private final Duty events = new Duty("events");
    private final Duty ceiling = new Duty("ceiling");
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param news called as soon as a clone is whole or in trouble; quick, and harmless when called more than once */
    public CloneWatch(KernelClones clones, DeviceMapper mapper, Runnable news) {
        this.clones = clones;
        this.mapper = mapper;
        this.news = news;
    }

    public void start() {
        Thread.ofVirtual().name("clone-seconds").start(() -> {
            try {
                while (!closed.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                    secondPassed();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void secondPassed() {
        for (VolumeId volume : clones.volumes()) {
            ticks.begin(volume, () -> look(volume));
            events.begin(volume, () -> waitWhileHydrating(volume));
            ceiling.begin(volume, () -> keepCeiling(volume));
        }
    }

    private void look(VolumeId volume) {
        if (clones.look(volume)) {
            news.run();
        }
    }

    /** Where the volume has a ceiling, as long as it has one; the next second looks again. */
    private void keepCeiling(VolumeId volume) throws InterruptedException {
        Duration next = clones.keepCeiling(volume);
        while (next != null && !closed.await(next.toNanos(), TimeUnit.NANOSECONDS)) {
            next = clones.keepCeiling(volume);
        }
    }

    private void waitWhileHydrating(VolumeId volume) {
        if (!clones.isHydrating(volume)) {
            return;
        }
        DeviceName device = DeviceName.clone(volume);
        Long seen = mapper.events(device);
        while (seen != null && closed.getCount() > 0 && clones.isHydrating(volume)) {
            Long now = mapper.awaitEvent(device, seen, EVENT_LIMIT);
            if (now != null && now > seen) {
                look(volume);
            }
            seen = now;
        }
    }

    /** The devices stay, and go on copying. */
    @Override
    public void close() {
        closed.countDown();
    }

    /** Something that is to be done for each clone, for as long as it lasts; a second that finds it being done begins nothing. */
    private static final class Duty {
        interface Work {
            void run() throws InterruptedException;
        }

        private final String name;
        private final Set<VolumeId> busy = ConcurrentHashMap.newKeySet();

        Duty(String name) {
            this.name = name;
        }

        void begin(VolumeId volume, Work work) {
            if (busy.add(volume)) {
                Thread.ofVirtual().name("clone-" + name + "-" + volume).start(() -> run(volume, work));
            }
        }

        private void run(VolumeId volume, Work work) {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (HostActionException e) {
                log.warn("a clone is not seen to, trying again: what={} volume={} {}", name, volume, e.getMessage());
            } catch (RuntimeException e) {
                log.warn("a clone is not seen to, trying again: what={} volume={}", name, volume, e);
            } finally {
                busy.remove(volume);
            }
        }
    }
}
