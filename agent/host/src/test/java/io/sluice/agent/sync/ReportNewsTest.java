package io.sluice.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RetiredCopyReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportNewsTest {
    private static final PoolName MAIN = new PoolName("main");
    private static final VolumeId V1 = new VolumeId("v1");

    private long sequence;

    /** Of a host that owns a copy of the volume again, beside which older ones may lie. */
    private HostReport report(
            long freeBytes, Long allocatedBytes, long ageSeconds, @Nullable List<RetiredCopyReport> retired) {
        return new HostReport(
                new WorkerId("a"),
                1,
                ++sequence,
                3,
                "boot",
                0,
                List.of(new PoolReport(MAIN, "directory", 1_000, 100, freeBytes)),
                List.of(new VolumeReport(V1, MAIN, 100, 1, allocatedBytes, 7, VolumeRole.OWNED, true, null)),
                List.of(),
                List.of(),
                List.of(),
                List.of(new FailureReport(null, "POOL_OVERFULL", "full", FailureKind.OPERATOR, ageSeconds, 1)),
                retired,
                null);
    }

    private static RetiredCopyReport copy(long allocatedBytes, @Nullable Long deletesInSeconds) {
        return new RetiredCopyReport(V1, MAIN, 5, 100, allocatedBytes, deletesInSeconds);
    }

    private ReportNews between(@Nullable List<RetiredCopyReport> before, @Nullable List<RetiredCopyReport> now) {
        return ReportNews.between(report(500, 10L, 1, before), report(500, 10L, 1, now));
    }

    @Test
    void theSameSeenLaterIsNoNews() {
        assertThat(ReportNews.between(
                        report(500, 10L, 1, List.of(copy(10, 60L))), report(400, 10L, 9, List.of(copy(10, 52L)))))
                .isEqualTo(ReportNews.NONE);
    }

    @Test
    void whatCountsAloneIsProgress() {
        assertThat(ReportNews.between(report(500, 10L, 1, List.of()), report(500, 11L, 1, List.of())))
                .isEqualTo(ReportNews.PROGRESS);
        assertThat(between(List.of(copy(10, null)), List.of(copy(11, null)))).isEqualTo(ReportNews.PROGRESS);
    }

    private HostReport lost(long seconds, @Nullable AttachmentFailure failure) {
        AttachmentReport attachment =
                new AttachmentReport("iqn.x", new Portal("127.0.0.1", 3260), false, seconds, failure);
        return new HostReport(
                new WorkerId("a"),
                1,
                ++sequence,
                3,
                "boot",
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new IncomingVolumeReport(
                        new MigrationId("m"), V1, 7, IncomingStage.CLONED, attachment, null, null)),
                List.of(),
                List.of(),
                null);
    }

    @Test
    void whatKeepsASessionLostIsToldAtOnceAndItsWordsWithTheNextProgress() {
        AttachmentFailure refused = new AttachmentFailure("SOURCE_REFUSES", FailureKind.RETRY, "refused");
        assertThat(ReportNews.between(lost(1, null), lost(9, null))).isEqualTo(ReportNews.NONE);
        assertThat(ReportNews.between(lost(1, null), lost(1, refused))).isEqualTo(ReportNews.STEP);
        assertThat(ReportNews.between(
                        lost(1, refused),
                        lost(2, new AttachmentFailure("SOURCE_REFUSES", FailureKind.RETRY, "refused again"))))
                .isEqualTo(ReportNews.PROGRESS);
    }

    @Test
    void aDeletedCopyIsToldAtOnceThoughNothingElseOfTheReportDiffers() {
        assertThat(between(List.of(copy(10, null)), List.of())).isEqualTo(ReportNews.STEP);
    }

    @Test
    void thatRetiredCopiesCannotBeReadAndThatTheyCanAgainIsToldAtOnce() {
        assertThat(between(List.of(copy(10, null)), null)).isEqualTo(ReportNews.STEP);
        assertThat(between(null, List.of(copy(10, null)))).isEqualTo(ReportNews.STEP);
    }
}
