package io.sluice.iscsi.bench;

import io.sluice.iscsi.cli.TargetCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code sluice target}. */
record Ours() implements Contestant {

    private static final String NAME = "iqn.2026-11.io.sluice:bench";
    private static final Pattern READY = Pattern.compile("as iscsi://127\\.0\\.0\\.1:(\\d+)/");

    @Override
    public String name() {
        return "ours";
    }

    @Override
    public @Nullable String missing() {
        return null;
    }

    @Override
    public Served start(Path file) throws IOException {
        Process process = Programs.start(Programs.sluice(
                TargetCommand.class,
                List.of("target", "--portal", "127.0.0.1:0", "--iqn", NAME, "--lun", file.toString())));
        int port = Integer.parseInt(Programs.awaitLine(process, READY));
        return Served.iscsi(process, port, (session, digests) -> NAME, 0);
    }

    @Override
    public boolean speaks(Work work) {
        return true;
    }
}
