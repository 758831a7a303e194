package io.sluice.iscsi.pace;

import org.jspecify.annotations.Nullable;

/** What a {@link Rate} still allows: open while neither bytes nor operations are used up. For one thread at a time. */
final class Budget {

    private static final double NANOS = 1e9;

    private Rate rate = Rate.UNLIMITED;
    private @Nullable TokenBucket bytes;
    private @Nullable TokenBucket operations;

    Budget(Rate rate, long nowNanos) {
        change(rate, nowNanos);
    }

    Rate rate() {
        return rate;
    }

    /** Debts stay. */
    void change(Rate newRate, long nowNanos) {
        bytes = changed(bytes, newRate.bytesPerSecond(), nowNanos);
        operations = changed(operations, newRate.operationsPerSecond(), nowNanos);
        rate = newRate;
    }

    private static @Nullable TokenBucket changed(
            @Nullable TokenBucket bucket, @Nullable Long perSecond, long nowNanos) {
        if (perSecond == null) {
            return null;
        }
        return bucket == null
                ? TokenBucket.full(perSecond, nowNanos)
                : bucket.refilled(nowNanos).at(perSecond);
    }

    void refill(long nowNanos) {
        bytes = bytes == null ? null : bytes.refilled(nowNanos);
        operations = operations == null ? null : operations.refilled(nowNanos);
    }

    boolean open() {
        return (bytes == null || bytes.open()) && (operations == null || operations.open());
    }

    void pay(long amount) {
        bytes = bytes == null ? null : bytes.less(amount);
        operations = operations == null ? null : operations.less(1);
    }

    /** Since the last refill; 0 when open. */
    long nanosToOpen() {
        return Math.max(bytes == null ? 0 : bytes.nanosToOpen(), operations == null ? 0 : operations.nanosToOpen());
    }

    /** How much of a second's ceiling a request is worth, by whichever of the two it takes more of; 0 without a ceiling. */
    double cost(long amount) {
        Long perSecond = rate.bytesPerSecond();
        Long eachSecond = rate.operationsPerSecond();
        return Math.max(
                perSecond == null ? 0 : amount * NANOS / perSecond, eachSecond == null ? 0 : NANOS / eachSecond);
    }
}
