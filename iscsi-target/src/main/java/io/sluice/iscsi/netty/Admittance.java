package io.sluice.iscsi.netty;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Counts connections, in all and by address, and hands out the identifiers of their sessions. */
final class Admittance {

    private static final int TSIHS = 65535;

    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private int connections;
    private int sessions;

    Admittance(Limits limits) {
        this.limits = limits;
    }

    /** Whether one more connection is taken; it is then to be given back by {@link #gone}. */
    boolean come(InetAddress address) {
        lock.lock();
        try {
            int there = byAddress.getOrDefault(address, 0);
            if (connections >= limits.connections() || there >= limits.connectionsPerAddress()) {
                return false;
            }
            connections++;
            byAddress.put(address, there + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void gone(InetAddress address) {
        lock.lock();
        try {
            connections--;
            byAddress.computeIfPresent(address, (ignored, there) -> there == 1 ? null : there - 1);
        } finally {
            lock.unlock();
        }
    }

    int connections() {
        lock.lock();
        try {
            return connections;
        } finally {
            lock.unlock();
        }
    }

    /** A TSIH, never 0 (RFC 7143 §11.12.6). */
    int nextTsih() {
        lock.lock();
        try {
            sessions = sessions % TSIHS + 1;
            return sessions;
        } finally {
            lock.unlock();
        }
    }
}
