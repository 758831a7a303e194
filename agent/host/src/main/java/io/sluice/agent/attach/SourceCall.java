package io.sluice.agent.attach;

import io.sluice.iscsi.block.BlockDeviceException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("ask-source").start(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new BlockDeviceException("asking the source for " + what + " failed: " + e.getMessage(), true, e);
        } catch (TimeoutException e) {
            throw new BlockDeviceException("the source did not say within " + limit + " " + what, true, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BlockDeviceException("interrupted while asking the source for " + what, true, e);
        }
    }
}
