package io.sluice.iscsi.netty;

import java.time.Duration;

/**
 * What a server takes before it says no.
 *
 * @param connections at once, from all
 * @param connectionsPerAddress at once, from one address
 * @param sessionsPerTarget at once
 * @param commandWindow commands under way in one session
 * @param sessionBufferBytes data of commands being executed or answered in one session
 * @param bufferBytes the same in all sessions together: beyond it commands wait, by {@link DataMemory}
 * @param transferBytes data of one command
 * @param textBytes one text of a login
 * @param login from connecting to the full feature phase
 * @param supervision a peer silent for this long is pinged, and dropped if it stays silent for as long again
 * @param stall a peer that takes nothing of what is sent is dropped after this long
 * @param patience a disk on which commands are and of which none has ended for this long gives BUSY to further ones
 * @param quiesce how long withdrawing or swapping waits for the commands on a disk
 */
public record Limits(
        int connections,
        int connectionsPerAddress,
        int sessionsPerTarget,
        int commandWindow,
        long sessionBufferBytes,
        long bufferBytes,
        long transferBytes,
        int textBytes,
        Duration login,
        Duration supervision,
        Duration stall,
        Duration patience,
        Duration quiesce) {

    /**
     * 1024 connections, 128 per address (a host attaches one disk per migrating volume); 8 sessions per target; 128 commands and
     * 4 MiB per session, which is read faster than it is sent, and 32 MiB in all, so that a host has little to spare for it; 4 MiB
     * per command, as VPD page B0h tells; 16 KiB of text; 15 s to log in; pings after 5 s of silence; 60 s of stalled sending; BUSY
     * after 20 s, before the 30 s after which Linux aborts a command; 10 s for commands to leave a disk, which is long for a disk
     * that works.
     */
    public static final Limits DEFAULT = new Limits(
            1024,
            128,
            8,
            128,
            4L << 20,
            32L << 20,
            4L << 20,
            16 << 10,
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10));

    public Limits {
        if (connections < 1 || connectionsPerAddress < 1 || sessionsPerTarget < 1 || commandWindow < 1) {
            throw new IllegalArgumentException("limits of connections, sessions and commands are at least 1");
        }
        if (bufferBytes < transferBytes || sessionBufferBytes < transferBytes) {
            throw new IllegalArgumentException("a command of " + transferBytes + " bytes would wait for ever: "
                    + sessionBufferBytes + " are for a session and " + bufferBytes + " for all");
        }
        if (login.isNegative() || login.isZero() || supervision.isNegative() || supervision.isZero()) {
            throw new IllegalArgumentException("limits of time are more than 0");
        }
    }

    public Limits withPatience(Duration newPatience) {
        return new Limits(
                connections,
                connectionsPerAddress,
                sessionsPerTarget,
                commandWindow,
                sessionBufferBytes,
                bufferBytes,
                transferBytes,
                textBytes,
                login,
                supervision,
                stall,
                newPatience,
                quiesce);
    }
}
