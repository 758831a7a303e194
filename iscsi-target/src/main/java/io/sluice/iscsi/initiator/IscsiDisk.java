package io.sluice.iscsi.initiator;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.scsi.ScsiCommand;
import io.sluice.iscsi.scsi.ScsiStatus;
import io.sluice.iscsi.scsi.Sense;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A LUN of an iSCSI target as a disk. Many threads share one session. A lost session is established anew with backoff, for ever or up
 * to {@link InitiatorOptions#giveUpAfter()}, and what was not answered is repeated meanwhile; callers only wait. Repeating a write is
 * harmless because overlapping calls have no order, and a write that was answered is never sent again.
 *
 * <p>A target that stays silent for 10 s counts as lost. A target that comes back with another serial or size is not this disk: all
 * calls then fail for good. Interrupting a call while the session is lost makes that call fail; otherwise it has no effect. Writes
 * that a target answered but had not flushed when its machine lost power are gone, as with any disk that loses its cache.
 */
public final class IscsiDisk implements BlockDevice {
    /** Longer transfers are cut in pieces: this streams as well, and keeps other commands from waiting long. */
    private static final int MAX_PIECE_BYTES = 1 << 20;

    /** One answer tells of up to 1,023 extents. */
    private static final int LBA_STATUS_BYTES = 16 * 1024;

    private static final int LBA_STATUS_HEADER_BYTES = 8;
    private static final int LBA_STATUS_DESCRIPTOR_BYTES = 16;

    private static final Task.Transfer NOTHING = new Task.Transfer.Nothing();

    private final DiskAddress address;
    private final DiskFacts facts;
    private final SessionKeeper keeper;
    private final Commands commands;
    private final ExtentCache extents = new ExtentCache();

    private IscsiDisk(DiskAddress address, DiskFacts facts, SessionKeeper keeper, InitiatorOptions options) {
        this.address = address;
        this.facts = facts;
        this.keeper = keeper;
        this.commands = new Commands(keeper, options);
    }

    /**
     * Logs in and asks for capacity and identity; tries once.
     *
     * @throws LoginRefusedException when the target refuses
     * @throws BlockDeviceException when it cannot be reached, or serves no usable disk
     */
    public static IscsiDisk open(DiskAddress address, InitiatorOptions options) {
        return open(address, options, Session.SILENCE);
    }

    static IscsiDisk open(DiskAddress address, InitiatorOptions options, Duration silence) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Isid isid = Isid.random(random.nextInt(), random.nextInt());
        Login login =
                new Login(address.host(), address.port(), new LoginExchange.Wish(address.target(), options, isid));
        Session first = connect(login, address, silence);
        DiskFacts facts = factsOrClose(first);
        SessionKeeper keeper =
                new SessionKeeper(first, () -> reconnect(login, address, silence, facts), address.toString());
        return new IscsiDisk(address, facts, keeper, options);
    }

    private static Session connect(Login login, DiskAddress address, Duration silence) {
        Login.LoggedIn loggedIn = login.run();
        try {
            return Session.start(loggedIn.wire(), loggedIn.result(), address, silence);
        } catch (IOException e) {
            loggedIn.wire().close();
            throw new BlockDeviceException("the session with %s broke at once".formatted(address), true, e);
        }
    }

    private static DiskFacts factsOrClose(Session session) {
        boolean known = false;
        try {
            DiskFacts facts = DiskFacts.ask(session);
            known = true;
            return facts;
        } finally {
            if (!known) {
                session.close();
            }
        }
    }

    private static Session reconnect(Login login, DiskAddress address, Duration silence, DiskFacts expected) {
        Session session = connect(login, address, silence);
        String difference = factsOrClose(session).differenceTo(expected);
        if (difference != null) {
            session.close();
            throw new BlockDeviceException("%s now serves another disk: %s".formatted(address, difference), false);
        }
        return session;
    }

    /** Stable identity of the disk (VPD page 80h); empty when the target tells none. */
    public String serial() {
        return facts.serial();
    }

    /** Whether there is a session at the moment. */
    public boolean connected() {
        return keeper.connected();
    }

    /** Since when {@link #connected()} is what it is. */
    public Duration inState() {
        return keeper.inState();
    }

    public DiskAddress address() {
        return address;
    }

    @Override
    public long sizeBytes() {
        return facts.sizeBytes();
    }

    @Override
    public int blockBytes() {
        return facts.blockBytes();
    }

    @Override
    public boolean readOnly() {
        return facts.readOnly();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        check(offset, into.remaining());
        for (long at = offset; into.hasRemaining(); ) {
            int bytes = Math.min(into.remaining(), pieceBytes());
            ByteBuffer piece = into.slice(into.position(), bytes);
            Task.Outcome.Answered answer = commands.run(
                    new ScsiCommand.Read(at / blockBytes(), bytes / blockBytes(), false), new Task.Transfer.In(piece));
            requireGood("read", at, bytes, answer);
            if (answer.receivedBytes() != bytes) {
                throw new BlockDeviceException(
                        "%s sent %d of %d bytes at %d".formatted(address, answer.receivedBytes(), bytes, at), false);
            }
            into.position(into.position() + bytes);
            at += bytes;
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        check(offset, from.remaining());
        for (long at = offset; from.hasRemaining(); ) {
            int bytes = Math.min(from.remaining(), pieceBytes());
            ByteBuffer piece = from.slice(from.position(), bytes);
            change(
                    "write",
                    at,
                    bytes,
                    new ScsiCommand.Write(at / blockBytes(), bytes / blockBytes(), false),
                    new Task.Transfer.Out(piece));
            from.position(from.position() + bytes);
            at += bytes;
        }
    }

    @Override
    public void flush() {
        requireGood("flush", 0, 0, commands.run(new ScsiCommand.SynchronizeCache(0, 0), NOTHING));
    }

    /**
     * Uses WRITE SAME with the UNMAP bit: unlike UNMAP, which a target may ignore, it promises that the blocks read as zeros
     * (SBC-3 §5.40). Where the target has neither, zeros are written.
     */
    @Override
    public void unmap(long offset, long lengthBytes) {
        check(offset, lengthBytes);
        long most = Math.max(facts.limits().maxWriteSame() * blockBytes(), pieceBytes());
        ByteBuffer zeroBlock = ByteBuffer.allocate(blockBytes());
        for (long done = 0; done < lengthBytes; ) {
            long at = offset + done;
            long bytes = Math.min(lengthBytes - done, most);
            ScsiCommand command = new ScsiCommand.WriteSame(at / blockBytes(), bytes / blockBytes(), true, false);
            extents.written();
            Task.Outcome.Answered answer = commands.run(command, new Task.Transfer.Out(zeroBlock));
            extents.written();
            if (Verdict.of(answer) != Verdict.DONE) {
                if (readOnly()) {
                    requireGood("unmap", at, bytes, answer);
                }
                writeZeros(at, bytes);
            }
            done += bytes;
        }
    }

    @Override
    public Extent extentAt(long offset) {
        check(offset, blockBytes());
        Extent known = extents.at(offset, System.nanoTime());
        if (known != null) {
            return known;
        }
        long mark = extents.mark();
        ByteBuffer into = ByteBuffer.allocate(LBA_STATUS_BYTES);
        Task.Outcome.Answered answer = commands.run(
                new ScsiCommand.GetLbaStatus(offset / blockBytes(), LBA_STATUS_BYTES), new Task.Transfer.In(into));
        List<Extent> found =
                Verdict.of(answer) == Verdict.DONE ? decodeStatus(into.limit(answer.receivedBytes())) : List.of();
        if (found.isEmpty()
                || found.getFirst().offset() > offset
                || found.getFirst().end() <= offset) {
            return new Extent(offset, sizeBytes() - offset, true); // cannot tell
        }
        extents.store(found, mark, System.nanoTime());
        Extent first = found.getFirst();
        return new Extent(offset, first.end() - offset, first.allocated());
    }

    /**
     * What the target says of the content from a region on, as far as one answer reaches; null where it does not offer that (our own
     * target does for a unit whose content is final).
     */
    public @Nullable RegionSums checksums(long firstRegion) {
        ByteBuffer into = ByteBuffer.allocate(RegionSums.ANSWER_BYTES);
        Task.Outcome.Answered answer = commands.run(
                new ScsiCommand.ReadChecksums(firstRegion, RegionSums.ANSWER_BYTES), new Task.Transfer.In(into));
        Sense sense = answer.sense();
        if (sense != null
                && sense.key() == Sense.ILLEGAL_REQUEST
                && sense.code() == Sense.INVALID_COMMAND_OPERATION_CODE) {
            return null;
        }
        requireGood("read checksums of", firstRegion, 0, answer);
        try {
            return RegionSums.decode(firstRegion, into.limit(answer.receivedBytes()));
        } catch (IllegalArgumentException e) {
            throw new BlockDeviceException("%s answers with no checksums".formatted(address), false, e);
        }
    }

    @Override
    public void close() {
        keeper.close();
    }

    @Override
    public String toString() {
        return "IscsiDisk[" + address + "]";
    }

    private List<Extent> decodeStatus(ByteBuffer answer) {
        List<Extent> found = new ArrayList<>();
        for (int at = LBA_STATUS_HEADER_BYTES;
                at + LBA_STATUS_DESCRIPTOR_BYTES <= answer.limit();
                at += LBA_STATUS_DESCRIPTOR_BYTES) {
            long start = answer.getLong(at) * blockBytes();
            long length = Math.min((answer.getInt(at + 8) & 0xFFFF_FFFFL) * blockBytes(), sizeBytes() - start);
            boolean mapped = (answer.get(at + 12) & 0x0F) == 0;
            if (length > 0) {
                found.add(new Extent(start, length, mapped));
            }
        }
        return ExtentCache.merged(found);
    }

    private void writeZeros(long offset, long lengthBytes) {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(pieceBytes(), lengthBytes));
        for (long done = 0; done < lengthBytes; ) {
            int bytes = (int) Math.min(zeros.capacity(), lengthBytes - done);
            write(offset + done, zeros.clear().limit(bytes));
            done += bytes;
        }
    }

    private void change(String action, long at, long bytes, ScsiCommand command, Task.Transfer transfer) {
        extents.written();
        Task.Outcome.Answered answer = commands.run(command, transfer);
        extents.written();
        requireGood(action, at, bytes, answer);
    }

    private int pieceBytes() {
        long most = facts.limits().maxTransfer() * blockBytes();
        return most == 0 ? MAX_PIECE_BYTES : (int) Math.min(most, MAX_PIECE_BYTES);
    }

    private void requireGood(String action, long at, long bytes, Task.Outcome.Answered answer) {
        if (answer.status() != ScsiStatus.GOOD.code()) {
            throw new BlockDeviceException(
                    "cannot %s %s at byte %d, %d bytes: status %02Xh, %s"
                            .formatted(action, address, at, bytes, answer.status(), answer.sense()),
                    false);
        }
    }

    private void check(long offset, long lengthBytes) {
        boolean inside = offset >= 0 && lengthBytes >= 0 && offset <= sizeBytes() - lengthBytes;
        if (!inside || offset % blockBytes() != 0 || lengthBytes % blockBytes() != 0) {
            throw new IllegalArgumentException("range [%d, +%d) is no whole blocks of %s with %d bytes"
                    .formatted(offset, lengthBytes, address, sizeBytes()));
        }
    }
}
