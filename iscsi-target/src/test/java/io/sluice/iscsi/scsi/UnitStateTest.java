package io.sluice.iscsi.scsi;

import static io.sluice.iscsi.scsi.OneUnit.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.MemoryDisk;
import io.sluice.iscsi.scsi.LogicalUnit.Medium;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Unit attentions, resets and removable media: what a unit remembers between commands. */
class UnitStateTest {
    private static final ScsiCommand TEST_UNIT_READY = new ScsiCommand.TestUnitReady();

    private final OneUnit unit = new OneUnit();

    @Test
    void aNewcomerHearsOnceThatThingsMayHaveChanged() {
        Nexus newcomer = unit.server.establish(Initiators.port("c"), CommandAborter.NONE);
        assertThat(unit.run(newcomer, new ScsiCommand.Inquiry(false, 0, 96)).status())
                .isEqualTo(ScsiStatus.GOOD);
        assertThat(unit.run(newcomer, new ScsiCommand.ReportLuns(0, 64)).status())
                .isEqualTo(ScsiStatus.GOOD);
        assertThat(OneUnit.senseOf(unit.run(newcomer, new ScsiCommand.Write(0, 1, false), filled(1, 1))))
                .isEqualTo(new Sense(Sense.UNIT_ATTENTION, 0x2900, null, null));
        assertThat(unit.content(0, 1)).as("not run").isEqualTo(filled(1, 0));
        assertThat(unit.run(newcomer, TEST_UNIT_READY).status()).isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void requestSenseHandsAttentionsOutMostUrgentFirst() {
        unit.a.post(0, UnitAttention.REGISTRATIONS_PREEMPTED);
        unit.a.post(0, UnitAttention.BUS_DEVICE_RESET);
        unit.a.post(0, UnitAttention.BUS_DEVICE_RESET);
        for (int code : new int[] {0x2903, 0x2A05, 0x0000}) {
            byte[] sense = unit.good(new ScsiCommand.RequestSense(false, 18));
            assertThat(ByteBuffer.wrap(sense).getShort(12)).isEqualTo((short) code);
        }
    }

    @Test
    void aResetReachesAllAndAbortsTheOthers() {
        List<Integer> aborted = new ArrayList<>();
        Nexus other = unit.server.establish(Initiators.port("c"), aborted::add);
        unit.run(other, TEST_UNIT_READY);
        unit.server.resetAll(unit.a);
        assertThat(aborted).containsExactly(0);
        for (Nexus nexus : List.of(unit.a, unit.b, other)) {
            assertThat(OneUnit.senseOf(unit.run(nexus, TEST_UNIT_READY)).code()).isEqualTo(0x2903);
            assertThat(unit.run(nexus, TEST_UNIT_READY).status()).isEqualTo(ScsiStatus.GOOD);
        }
        unit.server.reset(unit.a, 7);
    }

    @Test
    void aWriteThatCameBeforeAResetButGetsToTheDiskAfterItWritesNothing() {
        for (Runnable reset : List.<Runnable>of(
                () -> unit.server.reset(unit.a, 0),
                () -> unit.server.resetAll(unit.a),
                () -> unit.server.clear(unit.a, 0))) {
            int issued = unit.b.issue(0);
            reset.run();
            unit.b.take(0); // as if it had passed the look at attentions before
            ScsiResult late = write(unit.b, issued, 7);
            assertThat(late.status()).isEqualTo(ScsiStatus.TASK_ABORTED);
            assertThat(unit.content(0, 1)).isEqualTo(filled(1, 0));
            assertThat(write(unit.b, unit.b.issue(0), 0).status()).isEqualTo(ScsiStatus.GOOD);
        }
    }

    private ScsiResult write(Nexus nexus, int issued, int value) {
        ByteBuffer cdb = ByteBuffer.wrap(CdbEncoder.encode(new ScsiCommand.Write(0, 1, false)));
        return unit.server.execute(nexus, issued, 0, cdb, ByteBuffer.wrap(filled(1, value)));
    }

    @Test
    void anotherDiskKeepsWhatTheUnitRemembers() {
        unit.run(unit.a, new ScsiCommand.Reserve());
        MemoryDisk next = new MemoryDisk(unit.disk.sizeBytes(), OneUnit.BLOCK);
        unit.server.replace(0, next);
        assertThat(unit.run(unit.b, TEST_UNIT_READY).status()).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
        unit.good(new ScsiCommand.Write(0, 1, false), filled(1, 9));
        byte[] written = new byte[OneUnit.BLOCK];
        next.read(0, ByteBuffer.wrap(written));
        assertThat(written).isEqualTo(filled(1, 9));
    }

    @Test
    void anOldSessionThatEndsLateTakesNothingFromTheNew() {
        Nexus again = unit.server.establish(unit.a.port(), CommandAborter.NONE);
        unit.run(again, TEST_UNIT_READY);
        unit.run(again, new ScsiCommand.Reserve());
        unit.server.lose(unit.a);
        assertThat(unit.run(unit.b, TEST_UNIT_READY).status()).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
    }

    @Test
    void aFixedMediumIsNotEjected() {
        assertThat(unit.sense(new ScsiCommand.StartStopUnit(true, false), new byte[0]))
                .isEqualTo(Sense.invalidField(4));
        unit.good(new ScsiCommand.StartStopUnit(false, false));
        unit.good(new ScsiCommand.PreventAllow(true));
        unit.good(TEST_UNIT_READY);
    }

    @Test
    void aRemovableMediumIsEjectedUnlessSomeonePreventsIt() {
        LogicalUnitServer server =
                new LogicalUnitServer(List.of(new LogicalUnit(unit.disk, "removable", false, Medium.REMOVABLE)));
        Nexus a = Initiators.quiet(server, "a");
        Nexus b = Initiators.quiet(server, "b");
        run(server, b, new ScsiCommand.PreventAllow(true));
        assertThat(OneUnit.senseOf(run(server, a, new ScsiCommand.StartStopUnit(true, false)))
                        .code())
                .isEqualTo(Sense.MEDIUM_REMOVAL_PREVENTED);
        server.lose(b);
        assertThat(run(server, a, new ScsiCommand.StartStopUnit(true, false)).status())
                .isEqualTo(ScsiStatus.GOOD);
        for (ScsiCommand command : List.of(TEST_UNIT_READY, new ScsiCommand.Read(0, 1, false))) {
            assertThat(OneUnit.senseOf(run(server, a, command))).isEqualTo(Sense.MEDIUM_NOT_PRESENT);
        }
        assertThat(run(server, a, new ScsiCommand.Inquiry(false, 0, 96)).status())
                .isEqualTo(ScsiStatus.GOOD);
        Nexus c = Initiators.quiet(server, "c");
        run(server, a, new ScsiCommand.StartStopUnit(true, true));
        assertThat(run(server, a, TEST_UNIT_READY).status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(OneUnit.senseOf(run(server, c, TEST_UNIT_READY)).code()).isEqualTo(0x2800);
    }

    @Test
    void prefetchingChecksItsRangeAndDefectListsAreEmpty() {
        unit.good(new ScsiCommand.Prefetch(0, 0));
        unit.good(new ScsiCommand.Prefetch(OneUnit.BLOCKS - 1, 1));
        assertThat(unit.sense(new ScsiCommand.Prefetch(OneUnit.BLOCKS - 1, 2), new byte[0]))
                .isEqualTo(Sense.lbaOutOfRange(OneUnit.BLOCKS - 1));
        assertThat(unit.good(new ScsiCommand.ReadDefectData(10, 0x1D, 64))).containsExactly(0, 0x1D, 0, 0);
        assertThat(unit.good(new ScsiCommand.ReadDefectData(12, 0x0D, 64))).containsExactly(0, 0x0D, 0, 0, 0, 0, 0, 0);
    }

    private static ScsiResult run(LogicalUnitServer server, Nexus nexus, ScsiCommand command) {
        return server.execute(nexus, 0, ByteBuffer.wrap(CdbEncoder.encode(command)), ByteBuffer.allocate(0));
    }
}
