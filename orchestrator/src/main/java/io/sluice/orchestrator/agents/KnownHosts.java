package io.sluice.orchestrator.agents;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.agents.HeartbeatStore.Beat;
import io.sluice.orchestrator.agents.HeartbeatStore.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.stereotype.Service;

/**
 * What each host reported last, as this replica took it: who says the same again costs the database nothing but a share in the next
 * batch of heartbeats. That batch also tells whether what is known here still holds: another replica may have taken a report, given
 * a credential, or committed something without this one hearing of it.
 */
@Service
public class KnownHosts {
    /** Free space and the like of a host that takes part in nothing is kept this old at most. */
    private static final Duration COUNTERS = Duration.ofSeconds(60);

    /** So many in one transaction: it holds their workers' rows, for which commits wait. */
    private static final int AT_ONCE = 50;

    private final HeartbeatStore store;
    private final Credentials credentials;
    private final HeldCalls calls;
    private final ConcurrentHashMap<WorkerId, Known> hosts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<WorkerId, Beat> beats = new ConcurrentHashMap<>();

    KnownHosts(HeartbeatStore store, Credentials credentials, HeldCalls calls) {
        this.store = store;
        this.credentials = credentials;
        this.calls = calls;
    }

    /** What a report is to those before. */
    enum News {
        /** Older than another one, or the same once more. */
        OVERTAKEN,
        /** Nothing that decides anything: it is in the next batch. */
        NONE,
        /** To be taken, as far as is known here. */
        SOME
    }

    /**
     * A host by what it said.
     *
     * @param kept the report the store keeps
     * @param since when it was kept
     * @param incarnation of the newest report that was heard, as is {@code sequence}
     */
    private record Known(HostReport kept, long since, long incarnation, long sequence) {
        static Known of(HostReport report) {
            return new Known(report, System.nanoTime(), report.incarnation(), report.sequence());
        }

        boolean before(HostReport report) {
            return incarnation < report.incarnation()
                    || (incarnation == report.incarnation() && sequence < report.sequence());
        }

        Known heard(HostReport report) {
            return new Known(kept, since, report.incarnation(), report.sequence());
        }
    }

    News hear(HostReport report) {
        AtomicReference<News> news = new AtomicReference<>(News.SOME);
        hosts.computeIfPresent(report.worker(), (worker, known) -> {
            if (!known.before(report)) {
                news.set(News.OVERTAKEN);
                return known;
            }
            boolean same = Gist.same(known.kept(), report);
            if (!same && !Gist.decidesTheSame(known.kept(), report)) {
                return known;
            }
            news.set(News.NONE);
            beats.put(worker, new Beat(known.kept(), !same && worthKeeping(known, report) ? report : null));
            return known.heard(report);
        });
        return news.get();
    }

    private static boolean worthKeeping(Known known, HostReport report) {
        return !report.incoming().isEmpty() || System.nanoTime() - known.since() > COUNTERS.toNanos();
    }

    /** The store has taken it. */
    void taken(HostReport report) {
        hosts.compute(
                report.worker(), (worker, known) -> known == null || known.before(report) ? Known.of(report) : known);
    }

    /** It is asked for all anew. */
    void forget(WorkerId worker) {
        hosts.remove(worker);
        credentials.forget(worker);
        calls.end(worker);
    }

    /** Sends what was heard since the last time; to be called again and again, by one thread. */
    public void beat() {
        List<Beat> due = new ArrayList<>();
        beats.keySet().forEach(worker -> {
            Beat beat = beats.remove(worker);
            if (beat != null) {
                due.add(beat);
            }
        });
        if (due.isEmpty()) {
            return;
        }
        ConcurrentHashMap<WorkerId, Beat> left = new ConcurrentHashMap<>();
        due.forEach(beat -> left.put(beat.worker(), beat));
        try {
            for (int from = 0; from < due.size(); from += AT_ONCE) {
                store.beat(due.subList(from, Math.min(due.size(), from + AT_ONCE)))
                        .forEach(standing -> {
                            Beat beat = left.remove(standing.worker());
                            if (beat != null) {
                                compare(beat, standing);
                            }
                        });
            }
        } finally {
            left.forEach(beats::putIfAbsent);
        }
    }

    private void compare(Beat beat, Standing standing) {
        HostReport newest = beat.newest();
        hosts.computeIfPresent(standing.worker(), (worker, known) -> {
            if (is(newest, standing)) {
                return known.kept().equals(newest)
                        ? known
                        : new Known(newest, System.nanoTime(), known.incarnation(), known.sequence());
            }
            // taken by another replica, or by this one just now: then what is known is that, else it is not known any
            // more
            return is(known.kept(), standing) ? known : null;
        });
        credentials.isNow(standing.worker(), standing.credentialHash());
        calls.isNow(standing.worker(), standing.generation());
    }

    private static boolean is(HostReport report, Standing standing) {
        return report.incarnation() == standing.incarnation() && report.sequence() == standing.sequence();
    }
}
