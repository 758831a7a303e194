package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Whatever bytes come: the decoder answers with values, allocates no more than one data segment beyond what came, sees the same in
 * any cut, and what it took for a PDU is the same PDU after encoding it.
 *
 * <p>Input: a byte of options (digests, whether to put right ones in, size of pieces), then the stream.
 */
public final class DecoderFuzz {

    private static final int SEGMENT = 1024;
    private static final PduLimits LIMITS = new PduLimits(SEGMENT, 64);
    private static final int HEADER = 48;

    private DecoderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int options = input[0];
        Digests digests = new Digests((options & 1) != 0, (options & 2) != 0);
        ByteBuffer rest = ByteBuffer.wrap(input, 1, input.length - 1).slice();
        byte[] stream = (options & 4) != 0 ? withDigests(rest, digests) : bytes(rest);
        List<Decoded> whole = decode(stream, digests, Math.max(1, stream.length));
        List<Decoded> pieces = decode(stream, digests, 1 + ((options >> 3) & 0x1f));
        check(whole.equals(pieces), "cuts change what is decoded");
        for (Decoded decoded : whole) {
            if (decoded instanceof Decoded.Complete complete) {
                comesBack(complete.pdu(), digests);
            }
        }
    }

    private static List<Decoded> decode(byte[] stream, Digests digests, int piece) {
        long[] allocated = new long[1];
        PduDecoder decoder = new PduDecoder(LIMITS, bytes -> {
            check(bytes <= SEGMENT, "a segment of " + bytes + " bytes");
            allocated[0] += bytes;
            return ByteBuffer.allocate(bytes);
        });
        decoder.negotiated(digests, SEGMENT);
        List<Decoded> all = new ArrayList<>();
        for (int at = 0; at < stream.length; at += piece) {
            ByteBuffer input = ByteBuffer.wrap(stream, at, Math.min(piece, stream.length - at));
            Decoded decoded = decoder.next(input);
            while (decoded instanceof Decoded.Complete) {
                all.add(decoded);
                decoded = decoder.next(input);
            }
            if (decoded instanceof Decoded.Broken) {
                all.add(decoded);
                break;
            }
            check(!input.hasRemaining(), "bytes were left");
        }
        check(allocated[0] <= stream.length + SEGMENT, "allocated " + allocated[0] + " for " + stream.length);
        return all;
    }

    private static void comesBack(Pdu pdu, Digests digests) {
        PduEncoder.Encoded encoded = new PduEncoder(digests).encode(pdu);
        ByteBuffer bytes = ByteBuffer.allocate(encoded.bytes());
        for (ByteBuffer part : encoded.buffers()) {
            bytes.put(part.duplicate());
        }
        PduDecoder decoder = new PduDecoder(new PduLimits(SEGMENT, 1024));
        decoder.negotiated(digests, SEGMENT);
        Decoded back = decoder.next(bytes.flip());
        check(same(pdu, back), "is another PDU after encoding it: " + pdu);
        check(!bytes.hasRemaining(), "encoded too much");
    }

    /** Of a PDU that is not known only what is rejected of it is kept: its basic header. */
    private static boolean same(Pdu pdu, Decoded back) {
        if (pdu instanceof UnknownPdu unknown) {
            return back instanceof Decoded.Complete complete
                    && complete.pdu() instanceof UnknownPdu again
                    && again.opcode() == unknown.opcode()
                    && again.data().equals(unknown.data());
        }
        return back.equals(new Decoded.Complete(pdu));
    }

    /** Takes the input for a stream without digests and puts right ones where they belong, for as long as it is one. */
    private static byte[] withDigests(ByteBuffer plain, Digests digests) {
        ByteBuffer out = ByteBuffer.allocate(plain.remaining() + 8 * (1 + plain.remaining() / HEADER));
        while (plain.remaining() >= HEADER) {
            int header = HEADER + (plain.get(plain.position() + 4) & 0xff) * 4;
            int data = plain.getInt(plain.position() + 4) & 0xffffff;
            data += -data & 3;
            if (plain.remaining() < header + data) {
                break;
            }
            part(plain, header, digests.header(), out);
            part(plain, data, digests.data() && data > 0, out);
        }
        return bytes(out.put(plain).flip());
    }

    private static void part(ByteBuffer from, int length, boolean digest, ByteBuffer to) {
        ByteBuffer part = from.slice(from.position(), length);
        from.position(from.position() + length);
        to.put(part.duplicate());
        if (digest) {
            CRC32C crc = new CRC32C();
            crc.update(part);
            to.order(ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue());
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
