package io.sluice.iscsi.pace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who goes next: deficit round robin (Shreedhar and Varghese, 1995) between flows, below a ceiling for all and one for each
 * share. What counts is not the number of requests but what they take of the ceiling. For one thread at a time; time is handed in.
 */
final class FairQueue {

    static final long NEVER = Long.MAX_VALUE;
    /** What a flow may take in its turn: as long as this many bytes take, so that many small requests go with one large one. */
    private static final long TURN_BYTES = 64 << 10;

    /** A request that waits; {@code passed} is true once it may go, false if its flow ended before. */
    record Request(long bytes, CompletableFuture<Boolean> passed) {}

    /** The requests of one session. */
    static final class Waiting {
        private final Budget share;
        private final Queue<Request> requests = new ArrayDeque<>();
        private double deficit;

        Waiting(Budget share) {
            this.share = share;
        }

        private boolean mayGo() {
            return !requests.isEmpty() && share.open();
        }
    }

    private final Budget total;
    /** Flows with something to go, in the order of their turns. */
    private final List<Waiting> ring = new ArrayList<>();

    FairQueue(Budget total) {
        this.total = total;
    }

    Request add(Waiting flow, long bytes) {
        Request request = new Request(bytes, new CompletableFuture<>());
        if (!ring.contains(flow)) {
            ring.add(flow);
        }
        flow.requests.add(request);
        return request;
    }

    /** What waited in a flow that has ended. */
    List<Request> remove(Waiting flow) {
        List<Request> left = List.copyOf(flow.requests);
        flow.requests.clear();
        ring.remove(flow);
        return left;
    }

    /** All that waits. */
    List<Request> removeAll() {
        List<Request> left =
                ring.stream().flatMap(flow -> flow.requests.stream()).toList();
        ring.forEach(flow -> flow.requests.clear());
        ring.clear();
        return left;
    }

    /** Takes out a request that may go now; null if none may. */
    @Nullable
    Request next(long nowNanos) {
        total.refill(nowNanos);
        ring.forEach(flow -> flow.share.refill(nowNanos));
        if (!total.open()) {
            return null;
        }
        Waiting winner = null;
        double fewest = Double.POSITIVE_INFINITY;
        for (Waiting flow : ring) {
            double turns = flow.mayGo() ? turnsToGo(flow) : Double.POSITIVE_INFINITY;
            if (turns < fewest) {
                fewest = turns;
                winner = flow;
            }
        }
        if (winner == null) {
            return null;
        }
        passTurns(fewest);
        Request request = serve(winner);
        forgetIdle(winner);
        return request;
    }

    /** A flow has lost its turn when another could go and it had nothing: until then it may come back and go on. */
    private void forgetIdle(Waiting winner) {
        ring.removeIf(flow -> {
            boolean idle = flow != winner && flow.requests.isEmpty();
            flow.deficit = idle ? 0 : flow.deficit;
            return idle;
        });
    }

    /** All the turns that let nobody go yet, at once. */
    private void passTurns(double turns) {
        if (turns > 0) {
            for (Waiting flow : ring) {
                flow.deficit += flow.mayGo() ? turns * cost(flow, TURN_BYTES) : 0;
            }
        }
    }

    private Request serve(Waiting flow) {
        Request request = flow.requests.remove();
        flow.deficit -= cost(flow, request.bytes());
        total.pay(request.bytes());
        flow.share.pay(request.bytes());
        if (!flow.requests.isEmpty() && turnsToGo(flow) > 0) {
            ring.remove(flow);
            ring.add(flow);
        }
        return request;
    }

    /** From now on until a request may go, as far as can be told; since the last {@link #next}. */
    long nanosToNext() {
        long shares = NEVER;
        for (Waiting flow : ring) {
            shares = flow.requests.isEmpty() ? shares : Math.min(shares, flow.share.nanosToOpen());
        }
        return Math.max(total.nanosToOpen(), shares);
    }

    private double turnsToGo(Waiting flow) {
        double turn = cost(flow, TURN_BYTES);
        double missing = cost(flow, flow.requests.element().bytes()) - flow.deficit;
        return missing <= 0 || turn == 0 ? 0 : Math.ceil(missing / turn);
    }

    private double cost(Waiting flow, long bytes) {
        return total.rate().limited() ? total.cost(bytes) : flow.share.cost(bytes);
    }
}
