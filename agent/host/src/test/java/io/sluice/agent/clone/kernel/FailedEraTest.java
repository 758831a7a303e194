package io.sluice.agent.clone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.devicemapper.EraTable;
import io.sluice.agent.devicemapper.LinearTable;
import io.sluice.agent.reconcile.CloneProblem;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.testing.ScriptedCommands.Died;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done about a dm-era that cannot keep its record. */
class FailedEraTest {
    private static final String FAILED = "era Error";

    @TempDir
    private Path directory;

    private KernelRig hydrating() throws IOException {
        return hydrating(directory);
    }

    private static KernelRig hydrating(Path directory) throws IOException {
        KernelRig rig = new KernelRig(directory);
        raise(rig);
        rig.clones.hydrate(KernelRig.VOLUME, HydrationOrder.UNLIMITED);
        rig.commands.forget();
        return rig;
    }

    private static void raise(KernelRig rig) {
        rig.clones.attach(rig.order());
        rig.clones.raise(rig.order());
    }

    private static CloneState state(KernelRig rig) {
        return rig.clones.observe().getFirst();
    }

    private static List<String> suspends(KernelRig rig) {
        return rig.commands.lines().stream()
                .filter(line -> line.contains(" suspend "))
                .toList();
    }

    private static HostActionException refusedVerification(KernelRig rig) {
        rig.hydrated(KernelRig.REGIONS, 0, "rw");
        rig.seconds(1);
        HostActionException refused = Objects.requireNonNull(
                catchThrowableOfType(HostActionException.class, () -> rig.clones.verify(KernelRig.VOLUME)));
        assertThat(state(rig).verification()).isNull();
        return refused;
    }

    @Test
    void theWorkloadWritesPastItAndTheCloneGoesOn() throws Exception {
        KernelRig rig = hydrating();
        rig.mapper.status(KernelRig.ERA, FAILED);
        rig.hydrated(9, 2, "rw");
        rig.seconds(1);
        assertThat(rig.mapper.live(KernelRig.ERA)).isInstanceOfSatisfying(LinearTable.class, table -> {
            assertThat(table.device()).isEqualTo("/dev/mapper/" + KernelRig.CLONE);
            assertThat(table.sizeBytes()).isEqualTo(KernelRig.SIZE);
        });
        assertThat(rig.mapper.isSuspended(KernelRig.ERA)).isFalse();
        CloneProblem problem = Objects.requireNonNull(state(rig).problem());
        assertThat(problem.code()).isEqualTo("WRITTEN_SET_FAILED");
        assertThat(problem.kind()).isEqualTo(FailureKind.OPERATOR);
        assertThat(problem.message())
                .contains("/dev/vg/sluice-vol-1.era", "both copies are kept", "/dev/mapper/sluice-vol-1");
        rig.seconds(60);
        assertThat(suspends(rig))
                .as("the clone never, dm-era once")
                .hasSize(1)
                .allMatch(line -> line.contains(KernelRig.ERA));
        assertThat(Objects.requireNonNull(state(rig).hydration()).running()).isTrue();
        rig.clones.hydrate(KernelRig.VOLUME, new HydrationOrder(null, true));
        assertThat(Objects.requireNonNull(state(rig).hydration()).running()).isFalse();
    }

    /** Its suspend would wait for reads that wait for the source, and the workload for the suspend. */
    @Test
    void nothingIsSuspendedWhileTheSourceIsAway() throws Exception {
        KernelRig rig = hydrating();
        rig.mapper.status(KernelRig.ERA, FAILED);
        rig.connected = false;
        rig.seconds(60);
        assertThat(suspends(rig)).isEmpty();
        assertThat(Objects.requireNonNull(state(rig).problem()).message()).contains("while the source is connected");
        rig.connected = true;
        rig.seconds(1);
        assertThat(rig.mapper.live(KernelRig.ERA)).isInstanceOf(LinearTable.class);
    }

    @Test
    void whatItHasForgottenIsNeverTakenForUnwritten() throws Exception {
        KernelRig rig = hydrating();
        rig.connected = false;
        rig.mapper.status(KernelRig.ERA, FAILED);
        rig.seconds(1);
        rig.mapper.status(KernelRig.ERA, "era 8 9/1024 2 -");
        rig.connected = true;
        rig.seconds(1);
        assertThat(rig.mapper.live(KernelRig.ERA))
                .as("it works, and is left alone")
                .isInstanceOf(EraTable.class);
        assertThat(refusedVerification(rig).code()).isEqualTo("WRITTEN_SET_FAILED");
        rig.restart();
        raise(rig);
        assertThat(refusedVerification(rig).code()).isEqualTo("WRITTEN_SET_FAILED");
        rig.reboot();
        raise(rig);
        assertThat(rig.mapper.live(KernelRig.ERA)).isInstanceOf(LinearTable.class);
        assertThat(refusedVerification(rig).code()).isEqualTo("WRITTEN_SET_FAILED");
        rig.clones.drop(KernelRig.VOLUME);
        rig.assertThatNothingIsLeft();
    }

    @Test
    void whereverTheAgentDiesNoDeviceStaysSuspended() throws Exception {
        for (boolean cloneFailed : List.of(true, false)) {
            int commands =
                    mended(hydrating(Files.createDirectories(directory.resolve("whole-" + cloneFailed))), cloneFailed);
            for (int number = 0; number < commands; number++) {
                KernelRig rig = hydrating(Files.createDirectories(directory.resolve(cloneFailed + "-" + number)));
                rig.commands.dieAfter(number);
                assertThat(catchThrowableOfType(Died.class, () -> mended(rig, cloneFailed)))
                        .as("command %d", number)
                        .isNotNull();
                rig.commands.live();
                rig.restart();
                raise(rig);
                rig.seconds(1);
                assertThat(rig.mapper.isSuspended(KernelRig.CLONE)).isFalse();
                assertThat(rig.mapper.isSuspended(KernelRig.ERA)).isFalse();
            }
        }
    }

    private static int mended(KernelRig rig, boolean cloneFailed) {
        if (cloneFailed) {
            rig.hydrated(9, 0, "ro");
        } else {
            rig.mapper.status(KernelRig.ERA, FAILED);
        }
        rig.seconds(1);
        assertThat(suspends(rig)).hasSize(1);
        return rig.commands.ran().size();
    }
}
