package io.sluice.agent.clone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.devicemapper.DeviceMapper;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class CloneWatchTest {
    private static final String OTHERS = "sluice-vol-2.clone";

    private static final DeviceMapper NO_EVENTS =
            new DeviceMapper(command -> new CommandResult.Exited(1, "", "Device not found"));

    @TempDir
    private Path directory;

    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void disksAnswerAtLast() {
        over.countDown();
    }

    /** What becomes of questions to the kernel about one of two clones. */
    enum Trouble {
        FAILS,
        HANGS
    }

    private @Nullable CommandResult disturb(Trouble trouble, Command command) {
        if (!command.arguments().contains("status") || !command.arguments().contains(OTHERS)) {
            return null;
        }
        if (trouble == Trouble.HANGS) {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return new CommandResult.Exited(1, "", "device-mapper: status ioctl failed: Input/output error");
    }

    private static boolean letsItCopy(String message) {
        return message.startsWith("sluice-vol-1.clone: hydration_threshold ") && !message.endsWith(" 0");
    }

    @ParameterizedTest
    @EnumSource
    void aCloneInTroubleKeepsNoOtherWaiting(Trouble trouble) throws Exception {
        KernelRig rig = new KernelRig(directory);
        rig.clones.attach(rig.order());
        rig.clones.attach(rig.order(new MigrationId("m-2"), KernelRig.OTHER));
        rig.clones.raise(rig.order());
        rig.clones.raise(rig.order(new MigrationId("m-2"), KernelRig.OTHER));
        rig.clones.hydrate(KernelRig.OTHER, HydrationOrder.UNLIMITED);
        rig.clones.hydrate(KernelRig.VOLUME, new HydrationOrder(1L << 20, false));
        assertThat(rig.mapper.messages()).contains("sluice-vol-1.clone: hydration_threshold 0");
        rig.disturbance = command -> disturb(trouble, command);

        AtomicInteger news = new AtomicInteger();
        try (CloneWatch watch = new CloneWatch(rig.clones, NO_EVENTS, news::incrementAndGet)) {
            watch.secondPassed();
            KernelRig.awaitThat(() -> {
                rig.now = rig.now.plusMillis(100);
                return rig.mapper.messages().stream().anyMatch(CloneWatchTest::letsItCopy);
            });
            assertThat(news).hasValue(0);
            rig.hydrated(9, 0, "ro");
            KernelRig.awaitThat(() -> {
                watch.secondPassed();
                return news.get() > 0;
            });
        }
        assertThat(Objects.requireNonNull(rig.clones.observe().stream()
                                .filter(state -> state.volume().equals(KernelRig.VOLUME))
                                .findFirst()
                                .orElseThrow()
                                .problem())
                        .code())
                .isEqualTo("CLONE_METADATA_READ_ONLY");
    }
}
