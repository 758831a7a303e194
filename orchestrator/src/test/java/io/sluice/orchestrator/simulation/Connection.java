package io.sluice.orchestrator.simulation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * One run of a replica and its way to the database. Every call of a store is a transaction unless it is made within one; around
 * it the connection may be cut, and the replica be stopped for a while or killed.
 */
final class Connection {
    /** What may happen to the replica around a transaction. */
    interface Replica {
        /** Stands still while the world goes on. */
        void pause();

        void kill();
    }

    /** As a driver says that it lost its connection; whether the transaction committed is not known. */
    static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lost(String message) {
            super(message);
        }
    }

    /** Ends a killed replica's work wherever it stands; an error, since nobody may catch it. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    interface Work {
        @Nullable
        Object run() throws Throwable;
    }

    private final SimulatedDatabase database;
    private final Chaos chaos;
    private final Chronicle chronicle;
    private final Replica replica;
    private final String name;
    private boolean severed;

    Connection(SimulatedDatabase database, Chaos chaos, Chronicle chronicle, Replica replica, String name) {
        this.database = database;
        this.chaos = chaos;
        this.chronicle = chronicle;
        this.replica = replica;
        this.name = name;
    }

    /** From now on this run of the replica does nothing more. */
    void sever() {
        severed = true;
    }

    /** The store behind this connection. */
    <T> T to(Class<T> port, T store) {
        InvocationHandler handler = (proxy, method, arguments) -> within(method.getName(), () -> {
            try {
                return method.invoke(store, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, handler));
    }

    /** One transaction, or a part of the one that is open. */
    @Nullable
    Object within(String what, Work work) throws Throwable {
        if (database.inTransaction()) {
            return work.run();
        }
        requireAlive();
        Fault fault = chaos.transaction(what);
        String about = name + " in " + what;
        database.begin();
        @Nullable Object result;
        try {
            result = work.run();
        } catch (Throwable e) {
            database.rollBack();
            throw e;
        }
        if (fault == Fault.CONNECTION_CUT_BEFORE_COMMIT) {
            database.rollBack();
            chronicle.fault(fault, about);
            throw new Lost(about);
        }
        database.commit();
        if (fault != null) {
            chronicle.fault(fault, about);
            after(fault, about);
        }
        return result;
    }

    private void after(Fault fault, String about) {
        if (fault == Fault.CONNECTION_CUT_AFTER_COMMIT) {
            throw new Lost(about);
        }
        if (fault == Fault.REPLICA_KILLED) {
            replica.kill();
        }
        if (fault == Fault.REPLICA_PAUSED) {
            replica.pause();
        }
        requireAlive();
    }

    private void requireAlive() {
        if (severed) {
            throw new Killed();
        }
    }
}
