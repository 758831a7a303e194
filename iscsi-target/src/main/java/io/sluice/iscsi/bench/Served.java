package io.sluice.iscsi.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;

/** A server that runs, as a process of its own, and how to reach it. */
final class Served implements AutoCloseable {

    /** How it is spoken to. */
    enum Kind {
        ISCSI,
        NBD,
        BARE
    }

    /** Which target a session goes to. */
    interface Targets {
        String of(int session, boolean digests);
    }

    /** USER_HZ, which the kernel shows to programs whatever its own clock. */
    private static final long TICKS_PER_SECOND = 100;

    private static final int CPU_FIELD = 11;
    private static final int END_SECONDS = 10;
    /** Sessions from one address; more come from the next of 127.0.0.0/8, as from another host. */
    private static final int SESSIONS_PER_SOURCE = 100;

    private final Process process;
    private final Kind kind;
    private final int port;
    private final Targets targets;
    private final int lun;

    private Served(Process process, Kind kind, int port, Targets targets, int lun) {
        this.process = process;
        this.kind = kind;
        this.port = port;
        this.targets = targets;
        this.lun = lun;
    }

    static Served iscsi(Process process, int port, Targets targets, int lun) {
        return new Served(process, Kind.ISCSI, port, targets, lun);
    }

    static Served other(Process process, Kind kind, int port) {
        return new Served(process, kind, port, (session, digests) -> "", 0);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    InetAddress source(int session) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (1 + session / SESSIONS_PER_SOURCE)});
    }

    Protocol protocol(int session, boolean digests) {
        return switch (kind) {
            case ISCSI -> new IscsiProtocol(targets.of(session, digests), lun, session, digests);
            case NBD -> new NbdProtocol();
            case BARE -> new BareProtocol();
        };
    }

    Kind kind() {
        return kind;
    }

    /** For programs that take one. */
    String url() {
        return switch (kind) {
            case ISCSI -> "iscsi://127.0.0.1:%d/%s/%d".formatted(port, targets.of(0, false), lun);
            case NBD -> "nbd://127.0.0.1:" + port;
            case BARE -> throw new IllegalStateException("only the client of this package speaks to the bare server");
        };
    }

    /** What the process has spent so far, in user and kernel mode: proc(5), utime and stime. */
    Duration cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        long ticks = new Scanner(stat.substring(stat.lastIndexOf(')') + 2))
                .tokens()
                .skip(CPU_FIELD)
                .limit(2)
                .mapToLong(Long::parseLong)
                .sum();
        return Duration.ofSeconds(ticks).dividedBy(TICKS_PER_SECOND);
    }

    /** Memory of the process that is in RAM, in bytes, now. */
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("the server has ended");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
