package io.sluice.iscsi.pdu;

import static io.sluice.iscsi.pdu.Opcodes.AT_AHS_LENGTH;
import static io.sluice.iscsi.pdu.Opcodes.DIGEST_BYTES;
import static io.sluice.iscsi.pdu.Opcodes.HEADER_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Takes PDUs out of a byte stream cut anywhere. Each byte is copied once, to where it stays. Limits are checked before anything
 * is allocated for a PDU. For one thread at a time.
 *
 * <p>Either hand bytes to {@link #next}, or read straight into {@link #space()} and then call {@code next} with an empty buffer.
 */
public final class PduDecoder {

    private static final Decoded INCOMPLETE = new Decoded.Incomplete();

    private enum Part {
        BASIC_HEADER,
        HEADER_REST,
        DATA,
        TRAILER
    }

    private final ByteBuffer header;
    private final ByteBuffer trailer = ByteBuffer.allocate(3 + DIGEST_BYTES);
    private final IntFunction<ByteBuffer> segments;
    private PduLimits limits;
    private Digests digests = Digests.NONE;
    private Part part = Part.BASIC_HEADER;
    private ByteBuffer space;
    private ByteBuffer data = Pdu.NO_DATA;
    private Decoded.@Nullable Broken broken;

    /** A decoder that allocates data segments on the heap. */
    public PduDecoder(PduLimits limits) {
        this(limits, ByteBuffer::allocate);
    }

    /** A decoder whose data segments come from {@code segments}, which is asked for an exact number of bytes. */
    public PduDecoder(PduLimits limits, IntFunction<ByteBuffer> segments) {
        this.limits = limits;
        this.segments = segments;
        header = ByteBuffer.allocate(HEADER_BYTES + limits.maxAdditionalHeaderBytes() + DIGEST_BYTES);
        space = header.limit(HEADER_BYTES);
    }

    /** What was negotiated: holds from the next PDU on. To be called between PDUs. */
    public void negotiated(Digests newDigests, int maxDataSegmentBytes) {
        if (part != Part.BASIC_HEADER || header.position() != 0) {
            throw new IllegalStateException("digests and limits change between PDUs only");
        }
        digests = newDigests;
        limits = new PduLimits(maxDataSegmentBytes, limits.maxAdditionalHeaderBytes());
    }

    /** Where the next bytes of the stream belong; has room unless the stream is broken. */
    public ByteBuffer space() {
        return space;
    }

    /** Takes bytes from {@code input} until one PDU is whole or there are no more; call again while it answers with a PDU. */
    public Decoded next(ByteBuffer input) {
        while (broken == null) {
            int count = Math.min(space.remaining(), input.remaining());
            space.put(space.position(), input, input.position(), count).position(space.position() + count);
            input.position(input.position() + count);
            if (space.hasRemaining()) {
                return INCOMPLETE;
            }
            Decoded decoded = partFull();
            if (!(decoded instanceof Decoded.Incomplete)) {
                return decoded;
            }
        }
        return broken;
    }

    private Decoded partFull() {
        return switch (part) {
            case BASIC_HEADER -> basicHeader();
            case HEADER_REST -> headerComplete();
            case DATA -> dataComplete();
            case TRAILER -> trailerComplete();
        };
    }

    private Decoded basicHeader() {
        if (additionalBytes() > limits.maxAdditionalHeaderBytes()) {
            return fail(
                    Decoded.Reason.ADDITIONAL_HEADER_TOO_LONG,
                    additionalBytes() + " bytes, at most " + limits.maxAdditionalHeaderBytes() + " are taken");
        }
        if (dataBytes() > limits.maxDataSegmentBytes()) {
            return fail(
                    Decoded.Reason.DATA_SEGMENT_TOO_LONG,
                    dataBytes() + " bytes, at most " + limits.maxDataSegmentBytes() + " are taken");
        }
        int rest = additionalBytes() + (digests.header() ? DIGEST_BYTES : 0);
        if (rest == 0) {
            return headerComplete();
        }
        part = Part.HEADER_REST;
        space = header.limit(HEADER_BYTES + rest);
        return INCOMPLETE;
    }

    private Decoded headerComplete() {
        int length = HEADER_BYTES + additionalBytes();
        if (digests.header()) {
            CRC32C crc = new CRC32C();
            crc.update(header.slice(0, length));
            if (!matches(crc, header, length)) {
                return fail(Decoded.Reason.HEADER_DIGEST, "CRC32C of a header does not match");
            }
        }
        if (dataBytes() == 0) {
            return complete(Pdu.NO_DATA);
        }
        part = Part.DATA;
        data = segments.apply(dataBytes());
        space = data;
        return INCOMPLETE;
    }

    private Decoded dataComplete() {
        data.flip();
        int rest = Opcodes.padding(dataBytes()) + (digests.data() ? DIGEST_BYTES : 0);
        if (rest == 0) {
            return complete(data);
        }
        part = Part.TRAILER;
        space = trailer.clear().limit(rest);
        return INCOMPLETE;
    }

    private Decoded trailerComplete() {
        if (digests.data()) {
            int padding = Opcodes.padding(dataBytes());
            CRC32C crc = new CRC32C();
            crc.update(data.duplicate());
            crc.update(trailer.slice(0, padding));
            if (!matches(crc, trailer, padding)) {
                return fail(Decoded.Reason.DATA_DIGEST, "CRC32C of a data segment does not match");
            }
        }
        return complete(data);
    }

    private Decoded complete(ByteBuffer segment) {
        Pdu pdu = HeaderReader.read(header.limit(HEADER_BYTES + additionalBytes()), segment);
        part = Part.BASIC_HEADER;
        data = Pdu.NO_DATA;
        space = header.clear().limit(HEADER_BYTES);
        return new Decoded.Complete(pdu);
    }

    private Decoded fail(Decoded.Reason reason, String detail) {
        Decoded.Broken failure = new Decoded.Broken(
                reason,
                detail,
                reason == Decoded.Reason.DATA_DIGEST
                        ? ByteBuffer.allocate(HEADER_BYTES).put(0, header, 0, HEADER_BYTES)
                        : Pdu.NO_DATA);
        broken = failure;
        space = Pdu.NO_DATA;
        data = Pdu.NO_DATA;
        return failure;
    }

    private int additionalBytes() {
        return (header.get(AT_AHS_LENGTH) & 0xff) * 4;
    }

    private int dataBytes() {
        return header.getInt(AT_AHS_LENGTH) & 0xffffff;
    }

    private static boolean matches(CRC32C crc, ByteBuffer buffer, int at) {
        return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(at) == (int) crc.getValue();
    }
}
