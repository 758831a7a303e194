package io.sluice.iscsi.scsi;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Whether a removable medium is in, and who keeps it from being taken out (SBC-3 §5.10 and §5.25). */
final class LoadableMedium {
    private final ReentrantLock changing = new ReentrantLock();
    private final Set<InitiatorPort> preventing = new HashSet<>();
    private volatile boolean loaded = true;

    boolean loaded() {
        return loaded;
    }

    void prevent(InitiatorPort port) {
        changing.lock();
        try {
            preventing.add(port);
        } finally {
            changing.unlock();
        }
    }

    /** Also when the port is gone; harmless when repeated. */
    void allow(InitiatorPort port) {
        changing.lock();
        try {
            preventing.remove(port);
        } finally {
            changing.unlock();
        }
    }

    void allowAll() {
        changing.lock();
        try {
            preventing.clear();
        } finally {
            changing.unlock();
        }
    }

    /** Loads or ejects; false when someone prevents that. */
    boolean move(boolean in) {
        changing.lock();
        try {
            if (in != loaded && !preventing.isEmpty()) {
                return false;
            }
            loaded = in;
            return true;
        } finally {
            changing.unlock();
        }
    }
}
