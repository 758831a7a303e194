package io.sluice.iscsi.pdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PduCodecTest {

    private static final PduLimits LIMITS = PduLimits.dataSegment(8192);

    static Stream<Digests> digests() {
        return Stream.of(Digests.NONE, new Digests(true, false), new Digests(false, true), new Digests(true, true));
    }

    @ParameterizedTest
    @MethodSource("digests")
    void everyPduComesBackEqualFromAnyCut(Digests digests) {
        byte[] stream = stream(SamplePdus.all(), digests);
        for (int piece = 1; piece <= stream.length; piece += piece < 60 ? 1 : 97) {
            assertThat(decode(stream, digests, piece)).as("pieces of %d", piece).isEqualTo(SamplePdus.all());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyPduComesBackEqualFromRandomCuts(long seed) {
        Random random = new Random(seed);
        byte[] stream = stream(SamplePdus.all(), new Digests(true, true));
        PduDecoder decoder = decoder(new Digests(true, true));
        List<Pdu> pdus = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            int length = Math.min(stream.length - at, random.nextInt(100));
            drain(decoder, ByteBuffer.wrap(stream, at, length), pdus);
            at += length;
        }
        assertThat(pdus).isEqualTo(SamplePdus.all());
    }

    @ParameterizedTest
    @MethodSource("digests")
    void aReaderMayFillTheDecodersSpaceItself(Digests digests) {
        byte[] stream = stream(SamplePdus.all(), digests);
        PduDecoder decoder = decoder(digests);
        List<Pdu> pdus = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            int length = Math.min(decoder.space().remaining(), stream.length - at);
            decoder.space().put(stream, at, length);
            at += length;
            drain(decoder, Pdu.NO_DATA.duplicate(), pdus);
        }
        assertThat(pdus).isEqualTo(SamplePdus.all());
    }

    @Test
    void aWriteCommandLiesInItsPlaces() {
        CommandRequest command = new CommandRequest(
                CommandFlags.WRITE,
                0x0001_0000_0000_0000L,
                0x0a0b0c0d,
                4096,
                new RequestNumbers(7, 9),
                ByteBuffer.wrap(HexFormat.of().parseHex("2a000000000100000800000000000000")),
                SamplePdus.bytes("hello"));
        assertThat(hex(new PduEncoder(Digests.NONE).encode(command)))
                .isEqualTo("01a10000" + "00000005" + "0001000000000000" + "0a0b0c0d" + "00001000" + "00000007"
                        + "00000009" + "2a000000000100000800000000000000" + "68656c6c6f000000");
    }

    @Test
    void aLoginRequestLiesInItsPlaces() {
        LoginRequest login = new LoginRequest(
                LoginFlags.transit(LoginStage.OPERATIONAL, LoginStage.FULL_FEATURE),
                0,
                0,
                new Isid(0x00023d000001L),
                0x1234,
                1,
                2,
                new RequestNumbers(3, 4),
                SamplePdus.bytes("a=b\0"));
        assertThat(hex(new PduEncoder(Digests.NONE).encode(login)))
                .isEqualTo("43870000" + "00000004" + "00023d000001" + "1234" + "00000001" + "00020000" + "00000003"
                        + "00000004" + "00".repeat(16) + "613d6200");
    }

    @Test
    void phaseCollapsedStatusLiesInItsPlaces() {
        DataIn dataIn = new DataIn(
                true,
                false,
                0,
                5,
                Pdu.RESERVED_TAG,
                new ResponseNumbers(1, 2, 3),
                4,
                512,
                new DataIn.Ending(0, new Residual(false, true, 16)),
                SamplePdus.bytes("four"));
        assertThat(hex(new PduEncoder(Digests.NONE).encode(dataIn)))
                .isEqualTo("25830000" + "00000004" + "0000000000000000" + "00000005" + "ffffffff" + "00000001"
                        + "00000002" + "00000003" + "00000004" + "00000200" + "00000010" + "666f7572");
    }

    @Test
    void digestsAreCrc32cLeastSignificantByteFirst() {
        // RFC 7143 appendix A.4: 32 bytes of zeros give aa 36 91 8a.
        NopIn pdu = new NopIn(0, 1, Pdu.RESERVED_TAG, new ResponseNumbers(0, 0, 0), ByteBuffer.allocate(32));
        assertThat(hex(new PduEncoder(new Digests(false, true)).encode(pdu))).endsWith("00".repeat(32) + "aa36918a");
    }

    @Test
    void aTooLongDataSegmentIsRefusedBeforeItIsAllocated() {
        List<Integer> allocated = new ArrayList<>();
        PduDecoder decoder = new PduDecoder(LIMITS, bytes -> {
            allocated.add(bytes);
            return ByteBuffer.allocate(bytes);
        });
        ByteBuffer header = ByteBuffer.allocate(48).putInt(4, 8193);
        assertThat(decoder.next(header))
                .isInstanceOfSatisfying(
                        Decoded.Broken.class,
                        broken -> assertThat(broken.reason()).isEqualTo(Decoded.Reason.DATA_SEGMENT_TOO_LONG));
        assertThat(allocated).isEmpty();
    }

    @Test
    void aTooLongAdditionalHeaderIsRefused() {
        PduDecoder decoder = new PduDecoder(new PduLimits(8192, 16));
        ByteBuffer header = ByteBuffer.allocate(48).put(4, (byte) 5);
        assertThat(decoder.next(header))
                .isInstanceOfSatisfying(
                        Decoded.Broken.class,
                        broken -> assertThat(broken.reason()).isEqualTo(Decoded.Reason.ADDITIONAL_HEADER_TOO_LONG));
    }

    @Test
    void additionalHeadersOfNoMeaningHereAreSkipped() {
        ByteBuffer bytes = ByteBuffer.allocate(56).put(0, (byte) 1).put(4, (byte) 2);
        bytes.putShort(48, (short) 5).put(50, (byte) 2);
        Decoded decoded = new PduDecoder(LIMITS).next(bytes);
        assertThat(decoded)
                .isInstanceOfSatisfying(
                        Decoded.Complete.class,
                        complete -> assertThat(
                                        ((CommandRequest) complete.pdu()).cdb().remaining())
                                .isEqualTo(16));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 47, 48, 51, 52, 56, 59, 60, 61})
    void aFlippedBitUnderDigestsBreaksTheStreamForGood(int at) {
        Digests both = new Digests(true, true);
        byte[] stream =
                stream(List.of(new NopOut(true, 1, 2, 3, new RequestNumbers(4, 5), SamplePdus.bytes("hello"))), both);
        stream[at] ^= 0x01;
        PduDecoder decoder = decoder(both);
        Decoded.Reason expected = at < 52 ? Decoded.Reason.HEADER_DIGEST : Decoded.Reason.DATA_DIGEST;
        Decoded decoded = decoder.next(ByteBuffer.wrap(stream));
        assertThat(decoded)
                .isInstanceOfSatisfying(
                        Decoded.Broken.class,
                        broken -> assertThat(broken.reason()).isEqualTo(expected));
        assertThat(decoder.next(ByteBuffer.wrap(stream))).isEqualTo(decoded);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void noiseIsAlwaysAValue(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] noise = new byte[300];
            random.nextBytes(noise);
            noise[4] &= 0x3;
            noise[5] = 0;
            noise[6] = 0;
            assertThat(new PduDecoder(LIMITS).next(ByteBuffer.wrap(noise))).isNotNull();
        }
    }

    @Test
    void whatWasNegotiatedHoldsFromTheNextPdu() {
        PduDecoder decoder = new PduDecoder(LIMITS);
        Pdu pdu = SamplePdus.all().getFirst();
        ByteBuffer input = ByteBuffer.allocate(300);
        put(input, new PduEncoder(Digests.NONE).encode(pdu));
        put(input, new PduEncoder(new Digests(true, true)).encode(pdu));
        input.flip();
        assertThat(decoder.next(input)).isEqualTo(new Decoded.Complete(pdu));
        decoder.negotiated(new Digests(true, true), 1024);
        assertThat(decoder.next(input)).isEqualTo(new Decoded.Complete(pdu));
        assertThat(decoder.next(ByteBuffer.allocate(1))).isInstanceOf(Decoded.Incomplete.class);
        assertThatThrownBy(() -> decoder.negotiated(Digests.NONE, 1024)).isInstanceOf(IllegalStateException.class);
    }

    private static PduDecoder decoder(Digests digests) {
        PduDecoder decoder = new PduDecoder(LIMITS);
        decoder.negotiated(digests, LIMITS.maxDataSegmentBytes());
        return decoder;
    }

    private static List<Pdu> decode(byte[] stream, Digests digests, int piece) {
        PduDecoder decoder = decoder(digests);
        List<Pdu> pdus = new ArrayList<>();
        for (int at = 0; at < stream.length; at += piece) {
            drain(decoder, ByteBuffer.wrap(stream, at, Math.min(piece, stream.length - at)), pdus);
        }
        return pdus;
    }

    private static void drain(PduDecoder decoder, ByteBuffer input, List<Pdu> pdus) {
        while (decoder.next(input) instanceof Decoded.Complete complete) {
            pdus.add(complete.pdu());
        }
        assertThat(input.hasRemaining()).isFalse();
    }

    private static byte[] stream(List<Pdu> pdus, Digests digests) {
        PduEncoder encoder = new PduEncoder(digests);
        ByteBuffer stream = ByteBuffer.allocate(8192);
        pdus.forEach(pdu -> put(stream, encoder.encode(pdu)));
        byte[] bytes = new byte[stream.position()];
        stream.get(0, bytes);
        return bytes;
    }

    private static void put(ByteBuffer stream, PduEncoder.Encoded encoded) {
        stream.put(encoded.header()).put(encoded.data()).put(encoded.trailer());
    }

    private static String hex(PduEncoder.Encoded encoded) {
        ByteBuffer all = ByteBuffer.allocate(encoded.bytes());
        put(all, encoded);
        return HexFormat.of().formatHex(all.array());
    }
}
