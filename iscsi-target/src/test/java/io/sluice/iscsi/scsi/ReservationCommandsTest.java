package io.sluice.iscsi.scsi;

import static io.sluice.iscsi.scsi.OneUnit.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.iscsi.scsi.ReservationRequest.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** PERSISTENT RESERVE IN and OUT, RESERVE and RELEASE against a unit. */
class ReservationCommandsTest {
    private static final ScsiCommand READ = new ScsiCommand.Read(0, 1, false);
    private static final ScsiCommand WRITE = new ScsiCommand.Write(0, 1, false);
    private static final ScsiCommand TEST_UNIT_READY = new ScsiCommand.TestUnitReady();

    /** A store in memory that can be made to fail. */
    private static final class Kept implements ReservationStore {
        private final Map<String, String> content = new HashMap<>();
        private boolean broken;

        @Override
        public boolean keeps() {
            return true;
        }

        @Override
        public @Nullable String load(String serial) {
            return content.get(serial);
        }

        @Override
        public void save(String serial, String text) {
            if (broken) {
                throw new UncheckedIOException(new IOException("full"));
            }
            content.put(serial, text);
        }
    }

    private final OneUnit unit = new OneUnit();

    @Test
    void aReservationKeepsOthersOutAndEndsWithItsRelease() {
        register(unit, unit.a, 1, false);
        reserve(unit.a, 1, ReservationType.WRITE_EXCLUSIVE);
        assertThat(status(unit.a, WRITE)).isEqualTo(ScsiStatus.GOOD);
        assertThat(status(unit.b, READ)).isEqualTo(ScsiStatus.GOOD);
        assertThat(status(unit.b, WRITE)).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
        assertThat(status(unit.b, new ScsiCommand.SynchronizeCache(0, 0))).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
        assertThat(status(unit.b, TEST_UNIT_READY)).isEqualTo(ScsiStatus.GOOD);
        out(unit, unit.a, Action.RELEASE, ReservationType.WRITE_EXCLUSIVE, 1, 0, false);
        assertThat(status(unit.b, WRITE)).isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void aConflictComesBeforeAUnitAttention() {
        register(unit, unit.a, 1, false);
        reserve(unit.a, 1, ReservationType.EXCLUSIVE_ACCESS);
        Nexus newcomer = unit.server.establish(Initiators.port("c"), CommandAborter.NONE);
        assertThat(status(newcomer, READ)).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
        assertThat(OneUnit.senseOf(unit.run(newcomer, TEST_UNIT_READY)).key()).isEqualTo(Sense.UNIT_ATTENTION);
    }

    @Test
    void preemptingTellsAndAbortsTheOther() {
        List<Integer> aborted = new ArrayList<>();
        Nexus victim = unit.server.establish(Initiators.port("victim"), aborted::add);
        unit.run(victim, TEST_UNIT_READY);
        register(unit, unit.a, 1, false);
        register(unit, victim, 2, false);
        out(unit, unit.a, Action.PREEMPT_AND_ABORT, ReservationType.WRITE_EXCLUSIVE, 1, 2, false);
        assertThat(aborted).containsExactly(0);
        assertThat(OneUnit.senseOf(unit.run(victim, TEST_UNIT_READY)).code()).isEqualTo(0x2A05);
        assertThat(status(victim, TEST_UNIT_READY)).isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void whatIsReservedIsReported() {
        register(unit, unit.a, 0x11, false);
        register(unit, unit.b, 0x22, false);
        reserve(unit.b, 0x22, ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY);
        ByteBuffer keys = in(0);
        assertThat(List.of(keys.getInt(0), keys.getInt(4))).containsExactly(2, 16);
        assertThat(List.of(keys.getLong(8), keys.getLong(16))).containsExactly(0x11L, 0x22L);
        ByteBuffer reservation = in(1);
        assertThat(reservation.getLong(8)).isEqualTo(0x22);
        assertThat(reservation.get(21)).isEqualTo((byte) 6);
        ByteBuffer capabilities = in(2);
        assertThat(capabilities.getLong(0)).as("ATP_C, TMV, all types").isEqualTo(0x0008_0480_EA01_0000L);
        ByteBuffer status = in(3);
        assertThat(status.getInt(4)).isEqualTo(status.capacity() - 8);
        int second = 8 + 24 + status.getInt(8 + 20);
        assertThat(status.getLong(second)).isEqualTo(0x22);
        assertThat(status.get(second + 12)).as("R_HOLDER").isEqualTo((byte) 1);
        byte[] name = new byte[24];
        status.get(second + 24 + 4, name);
        assertThat(new String(name, StandardCharsets.US_ASCII)).startsWith("iqn.x:b,i,0x8000");
        assertThat(unit.sense(new ScsiCommand.PersistentReserveIn(4, 8), new byte[0]))
                .isEqualTo(Sense.invalidField(1));
    }

    @Test
    void whatIsNotUnderstoodIsRefused() {
        byte[] list = parameters(1, 2, 0);
        ScsiCommand registerAndMove = new ScsiCommand.PersistentReserveOut(7, 0, 0, 24);
        assertThat(unit.sense(registerAndMove, list)).isEqualTo(Sense.invalidField(1));
        assertThat(unit.sense(new ScsiCommand.PersistentReserveOut(1, 1, 1, 24), list))
                .as("scope")
                .isEqualTo(Sense.invalidField(2));
        assertThat(unit.sense(new ScsiCommand.PersistentReserveOut(1, 0, 2, 24), list))
                .as("type")
                .isEqualTo(Sense.invalidField(2));
        assertThat(unit.sense(new ScsiCommand.PersistentReserveOut(0, 0, 0, 20), list))
                .isEqualTo(Sense.illegalRequest(Sense.PARAMETER_LIST_LENGTH_ERROR));
        ScsiCommand register = new ScsiCommand.PersistentReserveOut(0, 0, 0, 24);
        assertThat(unit.sense(register, parameters(0, 1, 0x08)))
                .as("SPEC_I_PT")
                .isEqualTo(Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST));
        assertThat(unit.sense(register, parameters(0, 1, 0x01)))
                .as("APTPL where nothing is kept")
                .isEqualTo(Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST));
    }

    @Test
    void whatIsToPersistOutlivesTheServer() {
        Kept store = new Kept();
        OneUnit before = new OneUnit(store);
        register(before, before.a, 1, true);
        out(before, before.a, Action.RESERVE, ReservationType.EXCLUSIVE_ACCESS, 1, 0, false);
        OneUnit after = new OneUnit(store);
        assertThat(after.run(after.b, READ).status()).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
        assertThat(after.run(after.a, READ).status()).isEqualTo(ScsiStatus.GOOD);
        register(after, after.a, 1, false);
        assertThat(new OneUnit(store).server).isNotNull();
        OneUnit forgotten = new OneUnit(store);
        assertThat(forgotten.run(forgotten.b, READ).status())
                .as("APTPL was taken back")
                .isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void whatCannotBeKeptIsNotGranted() {
        Kept store = new Kept();
        OneUnit kept = new OneUnit(store);
        store.broken = true;
        ScsiResult refused =
                kept.run(kept.a, new ScsiCommand.PersistentReserveOut(6, 0, 0, 24), parameters(0, 1, 0x01));
        assertThat(OneUnit.senseOf(refused).key()).isEqualTo(Sense.HARDWARE_ERROR);
        assertThat(ByteBuffer.wrap(kept.good(new ScsiCommand.PersistentReserveIn(0, 8)))
                        .getInt(4))
                .isZero();
        store.content.put("unit", "nonsense");
        assertThatThrownBy(() -> new OneUnit(store)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void reserveKeepsOthersFromAllButAskingWhoIsThere() {
        assertThat(status(unit.a, new ScsiCommand.Reserve())).isEqualTo(ScsiStatus.GOOD);
        assertThat(status(unit.a, new ScsiCommand.Reserve())).isEqualTo(ScsiStatus.GOOD);
        for (ScsiCommand command : List.of(TEST_UNIT_READY, READ, new ScsiCommand.Reserve())) {
            assertThat(status(unit.b, command)).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
        }
        assertThat(status(unit.b, new ScsiCommand.Inquiry(false, 0, 96))).isEqualTo(ScsiStatus.GOOD);
        assertThat(status(unit.b, new ScsiCommand.Release())).as("not its own").isEqualTo(ScsiStatus.GOOD);
        assertThat(status(unit.b, READ)).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
        unit.server.lose(unit.a);
        assertThat(status(unit.b, READ)).as("gone with its nexus").isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void reserveConflictsWithRegistrationsAndEndsWithAReset() {
        register(unit, unit.b, 2, false);
        assertThat(status(unit.a, new ScsiCommand.Reserve())).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
        register(unit, unit.b, 0, false);
        assertThat(status(unit.a, new ScsiCommand.Reserve())).isEqualTo(ScsiStatus.GOOD);
        unit.server.reset(unit.b, 0);
        assertThat(OneUnit.senseOf(unit.run(unit.b, TEST_UNIT_READY)).code()).isEqualTo(0x2903);
        assertThat(status(unit.b, READ)).isEqualTo(ScsiStatus.GOOD);
    }

    private static void register(OneUnit unit, Nexus nexus, long key, boolean persist) {
        out(unit, nexus, Action.REGISTER_AND_IGNORE_EXISTING_KEY, null, 0, key, persist);
    }

    private void reserve(Nexus nexus, long key, ReservationType type) {
        out(unit, nexus, Action.RESERVE, type, key, 0, false);
    }

    private static void out(
            OneUnit unit,
            Nexus nexus,
            Action action,
            @Nullable ReservationType type,
            long key,
            long serviceActionKey,
            boolean persist) {
        ScsiCommand command =
                new ScsiCommand.PersistentReserveOut(action.code(), 0, type == null ? 0 : type.code(), 24);
        ScsiResult result = unit.run(nexus, command, parameters(key, serviceActionKey, persist ? 1 : 0));
        assertThat(result.status()).as("%s", result.sense()).isEqualTo(ScsiStatus.GOOD);
    }

    private static byte[] parameters(long key, long serviceActionKey, int flags) {
        return ByteBuffer.allocate(24)
                .putLong(key)
                .putLong(serviceActionKey)
                .put(20, (byte) flags)
                .array();
    }

    private ByteBuffer in(int serviceAction) {
        return ByteBuffer.wrap(unit.good(new ScsiCommand.PersistentReserveIn(serviceAction, 4096)));
    }

    private ScsiStatus status(Nexus nexus, ScsiCommand command) {
        byte[] data = command instanceof ScsiCommand.Write ? filled(1, 1) : new byte[0];
        return unit.run(nexus, command, data).status();
    }
}
