package io.sluice.agent.devicemapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.devicemapper.CloneTable.Hydration;
import org.junit.jupiter.api.Test;

class StatusTest {

    @Test
    void aCloneTellsHowFarItIs() {
        Status status = Status.parse("0 2097152 clone 8 6/2048 2048 3/1024 2 1 no_discard_passdown"
                + " 4 hydration_threshold 16 hydration_batch_size 8 rw \n");
        assertThat(status)
                .isEqualTo(new CloneStatus.Working(
                        6, 2048, 2048, 3, 1024, 2, true, new Hydration(16, 8), CloneStatus.Mode.READ_WRITE));
    }

    @Test
    void aCloneIsCompleteOnlyWhenNothingIsInFlightAndItsMetadataCanBeWritten() {
        assertThat(clone("1024/1024 0 1 no_discard_passdown", "rw").complete()).isTrue();
        assertThat(clone("1023/1024 0 1 no_discard_passdown", "rw").complete()).isFalse();
        assertThat(clone("1024/1024 1 1 no_discard_passdown", "rw").complete()).isFalse();
        assertThat(clone("1024/1024 0 1 no_discard_passdown", "ro").complete()).isFalse();
    }

    @Test
    void hydrationIsOffWhereTheFeatureSaysSo() {
        assertThat(clone("0/1024 0 2 no_hydration no_discard_passdown", "rw").hydrationOn())
                .isFalse();
        assertThat(clone("0/1024 0 0", "rw").hydrationOn()).isTrue();
    }

    private static CloneStatus.Working clone(String progress, String mode) {
        return (CloneStatus.Working) Status.parse("0 2097152 clone 8 6/2048 2048 " + progress
                + " 4 hydration_threshold 1 hydration_batch_size 1 " + mode);
    }

    @Test
    void aTargetThatGaveUpIsRecognised() {
        assertThat(Status.parse("0 2048 clone Fail")).isEqualTo(new CloneStatus.Failed());
        assertThat(Status.parse("0 2048 era Error")).isEqualTo(new EraStatus.Failed());
    }

    @Test
    void anEraTellsWhichItIsAndWhereItsSnapshotLies() {
        assertThat(Status.parse("0 2048 era 8 14/2048 3 -")).isEqualTo(new EraStatus.Working(14, 2048, 3, null));
        assertThat(Status.parse("0 2048 era 8 14/2048 3 7")).isEqualTo(new EraStatus.Working(14, 2048, 3, 7L));
    }

    @Test
    void aMapTellsOfItsPath() {
        assertThat(Status.parse("0 2097152 multipath 2 0 0 0 1 1 A 0 1 0 8:16 A 0 "))
                .isEqualTo(new MultipathStatus("8:16", true, 0));
        assertThat(Status.parse("0 2097152 multipath 2 3 0 0 1 1 E 0 1 0 8:16 F 2 "))
                .isEqualTo(new MultipathStatus("8:16", false, 2));
        assertThat(Status.parse("0 2097152 multipath 2 0 0 0 0 0")).isEqualTo(new MultipathStatus(null, false, 0));
    }

    @Test
    void aModeNobodyKnowsIsNotTakenForAGoodOne() {
        assertThatThrownBy(() -> clone("1024/1024 0 0", "odd")).isInstanceOf(IllegalArgumentException.class);
    }
}
