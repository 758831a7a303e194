package io.sluice.iscsi.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Debian's tgtd, an instance of its own beside any that runs. */
record Tgtd() implements Contestant {

    private static final String NAME = "iqn.2026-11.io.sluice:tgtd";
    /** LUN 0 is its controller. */
    private static final int LUN = 1;

    private static final int CONTROL_PORTS = 30_000;
    private static final int STEP_SECONDS = 10;

    @Override
    public String name() {
        return "tgtd";
    }

    @Override
    public @Nullable String missing() {
        String daemon = Programs.missing("tgtd", "tgt");
        return daemon == null ? Programs.missing("tgtadm", "tgt") : daemon;
    }

    @Override
    public Served start(Path file) throws IOException {
        int port = Programs.freePort();
        String control = Long.toString(1 + ProcessHandle.current().pid() % CONTROL_PORTS);
        Process process =
                Programs.start(List.of(program("tgtd"), "-f", "-C", control, "--iscsi", "portal=127.0.0.1:" + port));
        Programs.awaitPort(process, port, STEP_SECONDS * 1000L);
        administer(control, "--mode target --op new --tid 1 -T " + NAME);
        administer(control, "--mode logicalunit --op new --tid 1 --lun " + LUN + " -b " + file);
        administer(control, "--mode target --op bind --tid 1 -I ALL");
        return Served.iscsi(process, port, NAME, LUN);
    }

    private static void administer(String control, String words) throws IOException {
        List<String> command = new ArrayList<>(List.of(program("tgtadm"), "-C", control, "--lld", "iscsi"));
        command.addAll(Arrays.asList(words.split(" ")));
        String ignored = Programs.output(command, STEP_SECONDS);
    }

    private static String program(String name) {
        Path path = Programs.find(name);
        return path == null ? name : path.toString();
    }

    @Override
    public boolean speaks(Work work) {
        return true;
    }
}
