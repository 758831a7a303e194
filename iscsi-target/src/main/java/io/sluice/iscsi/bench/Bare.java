package io.sluice.iscsi.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@link BareServer} in a process of its own. */
record Bare() implements Contestant {

    private static final Pattern READY = Pattern.compile("serving at port (\\d+)");

    @Override
    public String name() {
        return "bare";
    }

    @Override
    public @Nullable String missing() {
        return null;
    }

    @Override
    public Served start(Path file) throws IOException {
        Process process = Programs.start(
                Programs.sluice(BenchCommand.class, List.of("bench", "bare", "--file", file.toString())));
        return Served.other(process, Served.Kind.BARE, Integer.parseInt(Programs.awaitLine(process, READY)));
    }

    @Override
    public boolean speaks(Work work) {
        return !work.digests() && work.client() == Work.Client.SLUICE;
    }
}
