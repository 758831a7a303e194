package io.sluice.iscsi.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** NBD as its proto.md has it: fixed newstyle negotiation by NBD_OPT_EXPORT_NAME, simple replies. */
final class NbdProtocol implements Protocol {

    private static final long OPTION_MAGIC = 0x49484156454F5054L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int REPLY_MAGIC = 0x67446698;
    private static final int REQUEST_BYTES = 28;
    private static final int REPLY_BYTES = 16;
    private static final int GREETING_BYTES = 18;
    /** Size and flags of the export; the zeros after them are declined. */
    private static final int EXPORT_BYTES = 10;

    private static final int FIXED_NEWSTYLE_NO_ZEROES = 3;
    private static final int OPTION_EXPORT_NAME = 1;
    private static final int WRITE = 1;
    private static final long WRITE_BIT = 1L << 40;

    private int[] lengths = new int[0];
    private int data;

    @Override
    public void begin(SocketChannel connection) throws IOException {
        ByteBuffer greeting = Channels.read(connection, GREETING_BYTES);
        if (greeting.getLong(8) != OPTION_MAGIC) {
            throw new IOException("no NBD server of the new style");
        }
        ByteBuffer wish = ByteBuffer.allocate(20)
                .putInt(FIXED_NEWSTYLE_NO_ZEROES)
                .putLong(OPTION_MAGIC)
                .putInt(OPTION_EXPORT_NAME)
                .putInt(0);
        Channels.write(connection, wish.flip());
        ByteBuffer ignored = Channels.read(connection, EXPORT_BYTES);
    }

    @Override
    public int requestBytes(Work work) {
        lengths = new int[work.depth()];
        return REQUEST_BYTES + (work.writes() ? work.blockBytes() : 0);
    }

    @Override
    public void request(ByteBuffer out, int slot, boolean write, long offset, int lengthBytes) {
        lengths[slot] = lengthBytes;
        out.putInt(REQUEST_MAGIC).putInt(write ? WRITE : 0).putLong(slot | (write ? WRITE_BIT : 0));
        out.putLong(offset).putInt(lengthBytes);
        if (write) {
            out.position(out.position() + lengthBytes);
        }
    }

    private int slot = -1;

    @Override
    public void received(ByteBuffer in, ByteBuffer out, Ended ended) throws IOException {
        while (true) {
            int count = Math.min(data, in.remaining());
            in.position(in.position() + count);
            data -= count;
            if (data == 0 && slot >= 0) {
                ended.ended(slot);
                slot = -1;
            }
            if (data > 0 || in.remaining() < REPLY_BYTES) {
                return;
            }
            if (in.getInt() != REPLY_MAGIC || in.getInt() != 0) {
                throw new IOException("the NBD server answers with an error, or not in simple replies");
            }
            long handle = in.getLong();
            slot = (int) handle;
            data = (handle & WRITE_BIT) == 0 ? lengths[slot] : 0;
        }
    }
}
