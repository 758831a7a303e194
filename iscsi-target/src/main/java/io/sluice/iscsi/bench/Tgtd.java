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
    /** It agrees to digests only where it is told to want them. */
    private static final String WITH_DIGESTS = NAME + ".digests";

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
        serve(control, 1, NAME, file);
        serve(control, 2, WITH_DIGESTS, file);
        administer(control, "--mode target --op update --tid 2 --name HeaderDigest --value CRC32C");
        administer(control, "--mode target --op update --tid 2 --name DataDigest --value CRC32C");
        return Served.iscsi(process, port, (session, digests) -> digests ? WITH_DIGESTS : NAME, LUN);
    }

    private static void serve(String control, int id, String name, Path file) throws IOException {
        administer(control, "--mode target --op new --tid %d -T %s".formatted(id, name));
        administer(control, "--mode logicalunit --op new --tid %d --lun %d -b %s".formatted(id, LUN, file));
        administer(control, "--mode target --op bind --tid %d -I ALL".formatted(id));
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
