package io.sluice.iscsi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A relay for one connection that keeps what passes as a packet capture: Ethernet, IPv4 and TCP headers are made up, as they would
 * be for an undisturbed connection to port 3260. Needs no privilege, unlike listening on an interface.
 */
final class Capture implements AutoCloseable {
    private static final int CHUNK = 16 << 10;
    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int PSH = 0x08;
    private static final int ACK = 0x10;
    private static final int HEADERS = 14 + 20 + 20;
    private static final int ETHERNET = 1;
    private static final int WINDOW = 65535;

    /** An end of the connection, as it is in the capture. */
    private static final class End {
        private final int address;
        private final int port;
        private int sequence;

        End(int address, int port, int sequence) {
            this.address = address;
            this.port = port;
            this.sequence = sequence;
        }
    }

    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final ReentrantLock lock = new ReentrantLock();
    private final List<byte[]> packets = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final End initiator = new End(0x0a000001, 40000, 1000);
    private final End target = new End(0x0a000002, 3260, 5000);

    Capture(InetSocketAddress server) throws IOException {
        threads.add(Thread.ofVirtual().start(() -> relay(server)));
    }

    int port() {
        return listening.getLocalPort();
    }

    private void relay(InetSocketAddress server) {
        try (Socket near = listening.accept();
                Socket far = new Socket()) {
            far.connect(server);
            packet(initiator, target, SYN, new byte[0], 0);
            packet(target, initiator, SYN | ACK, new byte[0], 0);
            packet(initiator, target, ACK, new byte[0], 0);
            Thread back = Thread.ofVirtual().start(() -> copy(far, near, target, initiator));
            copy(near, far, initiator, target);
            back.join();
        } catch (IOException ended) {
            throw new IllegalStateException("nothing was captured", ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy(Socket from, Socket to, End sender, End receiver) {
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                packet(sender, receiver, PSH | ACK, chunk, count);
                packet(receiver, sender, ACK, chunk, 0);
                out.write(chunk, 0, count);
            }
            packet(sender, receiver, FIN | ACK, chunk, 0);
            packet(receiver, sender, ACK, chunk, 0);
            to.shutdownOutput();
        } catch (SocketException theOtherSideWasFirst) {
            packet(sender, receiver, FIN | ACK, chunk, 0);
            packet(receiver, sender, ACK, chunk, 0);
        } catch (IOException e) {
            throw new IllegalStateException("the connection broke while it was captured", e);
        }
    }

    private void packet(End from, End to, int flags, byte[] data, int length) {
        lock.lock();
        try {
            ByteBuffer packet = ByteBuffer.allocate(HEADERS + length);
            packet.put(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}).putShort((short) 0x0800);
            packet.putShort((short) 0x4500).putShort((short) (HEADERS - 14 + length));
            packet.putShort((short) packets.size()).putShort((short) 0x4000);
            packet.put((byte) 64).put((byte) 6).putShort((short) 0);
            packet.putInt(from.address).putInt(to.address);
            packet.putShort((short) from.port).putShort((short) to.port);
            packet.putInt(from.sequence).putInt((flags & ACK) == 0 ? 0 : to.sequence);
            packet.putShort((short) (0x5000 | flags)).putShort((short) WINDOW).putInt(0);
            packet.put(data, 0, length);
            packets.add(packet.array());
            from.sequence += length + ((flags & (SYN | FIN)) == 0 ? 0 : 1);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of the connection and writes all of it. */
    void write(Path file) throws IOException, InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteBuffer head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
            head.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0);
            out.write(head.putInt(1 << 18).putInt(ETHERNET).array());
            for (int i = 0; i < packets.size(); i++) {
                int length = packets.get(i).length;
                ByteBuffer record = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
                out.write(
                        record.putInt(1).putInt(i).putInt(length).putInt(length).array());
                out.write(packets.get(i));
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
