package io.sluice.iscsi.scsi;

import static io.sluice.iscsi.scsi.OneUnit.BLOCK;
import static io.sluice.iscsi.scsi.OneUnit.BLOCKS;
import static io.sluice.iscsi.scsi.OneUnit.filled;
import static io.sluice.iscsi.scsi.OneUnit.joined;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.scsi.ReservationRequest.Action;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** COMPARE AND WRITE and ORWRITE (SBC-3 §5.2, §5.5). */
class AtomicCommandsTest {
    private final OneUnit unit = new OneUnit();

    @Test
    void comparingWhatIsThereWritesTheOtherHalf() {
        unit.fill(7, 2, 'a');
        unit.good(new ScsiCommand.CompareAndWrite(7, 2, true), joined(filled(2, 'a'), filled(2, 'b')));
        assertThat(unit.content(7, 2)).isEqualTo(filled(2, 'b'));
    }

    @Test
    void aDifferenceIsNamedByItsPlaceAndNothingIsWritten() {
        unit.fill(7, 2, 'a');
        byte[] expected = filled(2, 'a');
        expected[700] = 'x';
        assertThat(unit.sense(new ScsiCommand.CompareAndWrite(7, 2, false), joined(expected, filled(2, 'b'))))
                .isEqualTo(new Sense(Sense.MISCOMPARE, Sense.MISCOMPARE_DURING_VERIFY, 700L, null));
        assertThat(unit.content(7, 2)).isEqualTo(filled(2, 'a'));
    }

    @Test
    void comparingNeedsTwiceTheBlocksAndAPlaceOnTheDisk() {
        assertThat(unit.sense(new ScsiCommand.CompareAndWrite(7, 2, false), filled(3, 0)))
                .isEqualTo(Sense.invalidField(13));
        assertThat(unit.sense(new ScsiCommand.CompareAndWrite(BLOCKS - 1, 2, false), filled(4, 0)))
                .isEqualTo(Sense.lbaOutOfRange(BLOCKS - 1));
        unit.good(new ScsiCommand.CompareAndWrite(7, 0, false));
    }

    @Test
    void orWriteSetsBitsAndClearsNone() {
        unit.fill(3, 1, 0x0F);
        unit.good(new ScsiCommand.OrWrite(3, 1, false), filled(1, 0x71));
        assertThat(unit.content(3, 1)).isEqualTo(filled(1, 0x7F));
    }

    @Test
    @Timeout(60)
    void everyIncrementByCompareAndWriteCountsOnceHoweverManyCompete() {
        int each = 200;
        List<CompletableFuture<Void>> competitors = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            competitors.add(CompletableFuture.runAsync(() -> increment(each)));
        }
        competitors.add(CompletableFuture.runAsync(() -> {
            for (int i = 0; i < each; i++) {
                unit.run(unit.b, new ScsiCommand.Write(1, 1, false), filled(1, i)); // plain writes pass in between
            }
        }));
        competitors.forEach(CompletableFuture::join);
        assertThat(ByteBuffer.wrap(unit.content(0, 1)).getInt()).isEqualTo(4 * each);
    }

    @Test
    @Timeout(60)
    void aWriteThatWaitedWhileItsPortWasShutOutIsNotRun() {
        Unit shared = new Unit(0, new LogicalUnit(unit.disk, "shared", false), List.of(), ReservationStore.NONE);
        Nexus late = new Nexus(Initiators.port("late"), CommandAborter.NONE, 1);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Boolean> holder = CompletableFuture.supplyAsync(() -> shared.alone(() -> {
            inside.countDown();
            await(go);
            InitiatorPort port = Initiators.port("a");
            shared.reservations().change(port, request(Action.REGISTER, 0, 1));
            shared.reservations().change(port, request(Action.RESERVE, 1, 0));
            return true;
        }));
        await(inside);
        CompletableFuture<ScsiResult> write = CompletableFuture.supplyAsync(() -> UnitCommands.run(
                new ScsiCommand.Write(0, 1, false), shared, late, late.issue(0), ByteBuffer.wrap(filled(1, 'x'))));
        go.countDown();
        assertThat(holder.join()).isTrue();
        assertThat(write.join().status()).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
        assertThat(unit.content(0, 1)).isEqualTo(filled(1, 0));
    }

    private static ReservationRequest request(Action action, long key, long serviceActionKey) {
        return new ReservationRequest(action, ReservationType.EXCLUSIVE_ACCESS, key, serviceActionKey, false);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void increment(int times) {
        for (int done = 0; done < times; ) {
            byte[] found = unit.good(new ScsiCommand.Read(0, 1, false));
            byte[] next = ByteBuffer.allocate(BLOCK)
                    .putInt(0, ByteBuffer.wrap(found).getInt() + 1)
                    .array();
            ScsiResult result = unit.run(unit.a, new ScsiCommand.CompareAndWrite(0, 1, false), joined(found, next));
            done += result.status() == ScsiStatus.GOOD ? 1 : 0;
        }
    }
}
