package io.sluice.agent.attach;

import io.sluice.iscsi.block.BlockDeviceException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Questions to a source, bounded in time: one that is gone for good must not keep a migration from going on, or from ending. */
public final class SourceCall {
    private SourceCall() {}

    /**
     * The answer, as soon as it is there.
     *
     * @param what the source is asked, for messages
     * @throws BlockDeviceException it did not answer in time, or with a failure
     */
    public static <T extends @Nullable Object> T within(Duration limit, String what, Supplier<T> question) {
        return within(limit, what, question, late -> {});
    }

    /**
     * As {@link #within(Duration, String, Supplier)}.
     *
     * @param late what becomes of an answer that came when nobody waited any more
     */
    public static <T extends @Nullable Object> T within(
            Duration limit, String what, Supplier<T> question, Consumer<T> late) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("ask-source").start(() -> {
            try {
                T given = question.get();
                if (!answer.complete(given)) {
                    late.accept(given);
                }
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new BlockDeviceException("asking the source for " + what + " failed: " + cause.getMessage(), true, e);
        } catch (TimeoutException e) {
            giveUp(answer, late);
            throw new BlockDeviceException("the source did not say within " + limit + " " + what, true, e);
        } catch (InterruptedException e) {
            giveUp(answer, late);
            Thread.currentThread().interrupt();
            throw new BlockDeviceException("interrupted while asking the source for " + what, true, e);
        }
    }

    private static <T extends @Nullable Object> void giveUp(CompletableFuture<T> answer, Consumer<T> late) {
        boolean cameJustNow = !answer.cancel(false);
        if (cameJustNow && answer.state() == Future.State.SUCCESS) {
            late.accept(answer.resultNow());
        }
    }
}
