package io.sluice.agent.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * One stream of a running program, read by a thread of its own, bounded. A thread of the platform: a virtual one would hold
 * its carrier while it waits for the pipe.
 */
final class Captured {
    /** What a program left running may hold the pipe open for ever; all that the program itself said is there at once. */
    private static final Duration STRAGGLERS = Duration.ofSeconds(1);

    private final InputStream stream;
    private final Thread reader;
    private final Runnable atOverrun;
    private final int mostBytes;
    private final boolean fromTheEnd;
    private byte[] kept = new byte[0];
    private int length;
    private boolean overran;

    private Captured(InputStream stream, int mostBytes, boolean fromTheEnd, Runnable atOverrun) {
        this.stream = stream;
        this.mostBytes = mostBytes;
        this.fromTheEnd = fromTheEnd;
        this.atOverrun = atOverrun;
        this.reader = Thread.ofPlatform().daemon().name("output").unstarted(this::read);
    }

    /** All of it; a program that says more is ended. */
    static Captured whole(InputStream stream, int mostBytes, Process process) {
        Captured captured = new Captured(stream, mostBytes, false, process::destroyForcibly);
        captured.reader.start();
        return captured;
    }

    /** The last bytes of it. */
    static Captured end(InputStream stream, int mostBytes) {
        Captured captured = new Captured(stream, mostBytes, true, () -> {});
        captured.reader.start();
        return captured;
    }

    private void read() {
        byte[] buffer = new byte[8192];
        try {
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                if (!keep(buffer, count)) {
                    atOverrun.run();
                    return;
                }
            }
        } catch (IOException e) {
            // The pipe was closed with its program: what was read is what there is.
            return;
        }
    }

    private synchronized boolean keep(byte[] buffer, int count) {
        if (length + count > mostBytes && !fromTheEnd) {
            overran = true;
            return false;
        }
        int fresh = Math.min(count, mostBytes);
        int stays = Math.min(length, mostBytes - fresh);
        if (stays + fresh > kept.length) {
            kept = Arrays.copyOf(kept, Math.min(mostBytes, Math.max(2 * kept.length, stays + fresh)));
        }
        System.arraycopy(kept, length - stays, kept, 0, stays);
        System.arraycopy(buffer, count - fresh, kept, stays, fresh);
        length = stays + fresh;
        return true;
    }

    synchronized boolean overran() {
        return overran;
    }

    /** What was said, once the program has ended. */
    String text() throws InterruptedException {
        reader.join(STRAGGLERS);
        synchronized (this) {
            return new String(Arrays.copyOf(kept, length), StandardCharsets.UTF_8);
        }
    }
}
