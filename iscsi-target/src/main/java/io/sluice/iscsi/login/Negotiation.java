package io.sluice.iscsi.login;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The target's answer to one offered operational key (RFC 7143 §6.2, §13): the lower number, both or either of two booleans,
 * the first known of a list.
 */
final class Negotiation {

    private static final int MIN_SEGMENT = 512;
    private static final int MAX_24_BITS = 0xffffff;

    private final TargetOffer offer;

    Negotiation(TargetOffer offer) {
        this.offer = offer;
    }

    /** What a key came to. */
    sealed interface Result {
        /** Answered with a value, which is what holds from now on. */
        record Agreed(String value) implements Result {}

        /** Taken without an answer. */
        record Declared(int value) implements Result {}

        /** Answered with a value that changes nothing: Reject or NotUnderstood. */
        record Declined(String value) implements Result {}
    }

    Result answer(String key, String value) {
        return switch (key) {
            case KeyNames.HEADER_DIGEST, KeyNames.DATA_DIGEST -> choice(value, Set.of(KeyNames.CRC32C, KeyNames.NONE));
            case KeyNames.TASK_REPORTING -> choice(value, Set.of("RFC3720"));
            case KeyNames.MAX_CONNECTIONS -> lower(value, 1, 65535, 1);
            case KeyNames.MAX_BURST_LENGTH -> lower(value, MIN_SEGMENT, MAX_24_BITS, offer.maxBurstBytes());
            case KeyNames.FIRST_BURST_LENGTH -> lower(value, MIN_SEGMENT, MAX_24_BITS, offer.firstBurstBytes());
            case KeyNames.MAX_OUTSTANDING_R2T -> lower(value, 1, 65535, offer.maxOutstandingR2t());
            case KeyNames.ERROR_RECOVERY_LEVEL -> lower(value, 0, 2, 0);
            case KeyNames.DEFAULT_TIME_2_RETAIN -> lower(value, 0, 3600, 0);
            case KeyNames.DEFAULT_TIME_2_WAIT -> higher(value, 0, 3600, 0);
            case KeyNames.PROTOCOL_LEVEL -> lower(value, 0, 31, 1);
            case KeyNames.INITIAL_R2T -> either(value, false);
            case KeyNames.DATA_PDU_IN_ORDER, KeyNames.DATA_SEQUENCE_IN_ORDER -> either(value, true);
            case KeyNames.IMMEDIATE_DATA -> both(value);
            case KeyNames.MAX_RECV_DATA_SEGMENT_LENGTH -> segmentLength(value);
            // RFC 7143 §13.25: never NotUnderstood. The others are the target's alone to send, or not for this phase.
            case "IFMarker", "OFMarker", "IFMarkInt", "OFMarkInt" -> reject();
            case KeyNames.TARGET_ADDRESS, KeyNames.TARGET_ALIAS, KeyNames.TARGET_PORTAL_GROUP_TAG -> reject();
            case KeyNames.SEND_TARGETS -> reject();
            default -> new Result.Declined(KeyNames.NOT_UNDERSTOOD);
        };
    }

    static Result segmentLength(String value) {
        Integer bytes = number(value, MIN_SEGMENT, MAX_24_BITS);
        return bytes == null ? reject() : new Result.Declared(bytes);
    }

    private static Result choice(String value, Set<String> known) {
        for (String offered : List.of(value.split(",", -1))) {
            if (known.contains(offered)) {
                return new Result.Agreed(offered);
            }
        }
        return reject();
    }

    private static Result lower(String value, int least, int most, int ours) {
        Integer theirs = number(value, least, most);
        return theirs == null ? reject() : new Result.Agreed(Integer.toString(Math.min(theirs, ours)));
    }

    private static Result higher(String value, int least, int most, int ours) {
        Integer theirs = number(value, least, most);
        return theirs == null ? reject() : new Result.Agreed(Integer.toString(Math.max(theirs, ours)));
    }

    private static Result either(String value, boolean ours) {
        return isBoolean(value)
                ? new Result.Agreed(ours || value.equals(KeyNames.YES) ? KeyNames.YES : KeyNames.NO)
                : reject();
    }

    private static Result both(String value) {
        return isBoolean(value) ? new Result.Agreed(value) : reject();
    }

    private static boolean isBoolean(String value) {
        return value.equals(KeyNames.YES) || value.equals(KeyNames.NO);
    }

    private static Result reject() {
        return new Result.Declined(KeyNames.REJECT);
    }

    /** Decimal or 0x… within bounds, else null. */
    private static @Nullable Integer number(String value, int least, int most) {
        if (!value.matches("0[xX][0-9a-fA-F]{1,8}|[0-9]{1,9}")) {
            return null;
        }
        long number = value.startsWith("0x") || value.startsWith("0X")
                ? Long.parseLong(value.substring(2), 16)
                : Long.parseLong(value);
        return number < least || number > most ? null : (int) number;
    }
}
