package io.sluice.iscsi.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** nbdkit with its file plugin: what a C server does on a simpler protocol. */
record Nbdkit() implements Contestant {

    private static final long START_MILLIS = 10_000;

    @Override
    public String name() {
        return "nbdkit";
    }

    @Override
    public @Nullable String missing() {
        return Programs.missing("nbdkit", "nbdkit");
    }

    @Override
    public Served start(Path file) throws IOException {
        int port = Programs.freePort();
        Process process = Programs.start(
                List.of("nbdkit", "-f", "-i", "127.0.0.1", "-p", Integer.toString(port), "file", file.toString()));
        Programs.awaitPort(process, port, START_MILLIS);
        return Served.other(process, Served.Kind.NBD, port);
    }

    @Override
    public boolean speaks(Work work) {
        return !work.digests() && work.client() != Work.Client.ISCSI_PERF;
    }
}
