package io.sluice.iscsi.netty;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** What peers make a server log: some lines each, then one now and then that tells how many were left out. From any thread. */
final class PeerLog {

    /** An agent that restarts brings back all its sessions at once. */
    static final int BURST = 64;

    static final long NANOS_PER_LINE = 3_000_000_000L;
    /** Addresses remembered; those not heard of for longest are forgotten. */
    static final int ADDRESSES = 1024;

    private record Account(double lines, long atNanos, int leftOut) {}

    private final Logger log;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<InetAddress, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);

    PeerLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    LoggingEventBuilder info(InetAddress peer) {
        return line(peer, log.atInfo(), log.atTrace());
    }

    LoggingEventBuilder warn(InetAddress peer) {
        return line(peer, log.atWarn(), log.atTrace());
    }

    private LoggingEventBuilder line(InetAddress peer, LoggingEventBuilder line, LoggingEventBuilder leftOut) {
        lock.lock();
        try {
            Account account = refilled(peer);
            if (account.lines < 1) {
                accounts.put(peer, new Account(account.lines, account.atNanos, account.leftOut + 1));
                return leftOut;
            }
            accounts.put(peer, new Account(account.lines - 1, account.atNanos, 0));
            return account.leftOut == 0 ? line : line.addKeyValue("leftOut", account.leftOut);
        } finally {
            lock.unlock();
        }
    }

    private Account refilled(InetAddress peer) {
        long now = nanoTime.getAsLong();
        Account account = accounts.get(peer);
        if (account == null) {
            if (accounts.size() >= ADDRESSES) {
                accounts.remove(accounts.keySet().iterator().next());
            }
            return new Account(BURST, now, 0);
        }
        double gained = (double) (now - account.atNanos) / NANOS_PER_LINE;
        return new Account(Math.min(BURST, account.lines + gained), now, account.leftOut);
    }
}
