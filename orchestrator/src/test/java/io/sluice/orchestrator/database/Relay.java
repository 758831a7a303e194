package io.sluice.orchestrator.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Stands on the way from one replica to the database: passes everything on until it is told to cut the way, or to hold it up. */
public final class Relay implements AutoCloseable {
    private enum Way {
        OPEN,
        CUT,
        SILENT
    }

    private final InetSocketAddress destination;
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Lock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private Way way = Way.OPEN;

    public Relay(String host, int port) throws IOException {
        destination = new InetSocketAddress(host, port);
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Ends every connection, and each new one at once. */
    public void cut() {
        set(Way.CUT);
        sockets.forEach(Relay::close);
    }

    /** Takes connections and bytes, and passes nothing on: a host that vanished, a path that loses everything. */
    public void holdUp() {
        set(Way.SILENT);
    }

    public void open() {
        set(Way.OPEN);
    }

    private void set(Way next) {
        lock.lock();
        try {
            way = next;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** False when the way was cut. */
    private boolean awaitOpen() {
        lock.lock();
        try {
            while (way == Way.SILENT) {
                opened.awaitUninterruptibly();
            }
            return way == Way.OPEN;
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // closed: the test is over
                return;
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        sockets.add(server);
        try (client;
                server) {
            if (!awaitOpen()) {
                return;
            }
            server.connect(destination);
            Thread back = Thread.ofVirtual().start(() -> pass(server, client));
            pass(client, server);
            back.join();
        } catch (IOException | InterruptedException e) {
            // the end of one side is the end of the other
            close(client);
        } finally {
            sockets.remove(client);
            sockets.remove(server);
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] bytes = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count >= 0 && awaitOpen(); count = in.read(bytes)) {
                out.write(bytes, 0, count);
            }
        } catch (IOException e) {
            // as above
            close(from);
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("cannot close a socket of the relay", e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
