package io.sluice.iscsi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
import io.sluice.iscsi.login.ChapCredentials;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class TargetCommandTest {
    private static final String IQN = "iqn.2026-11.io.sluice:by-hand";

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void servesFilesUntilInterrupted() throws Exception {
        FileDisk.create(directory.resolve("a"), 1 << 20);
        FileDisk.create(directory.resolve("b"), 1 << 20);
        Path secret = Files.writeString(directory.resolve("secret"), "a secret of twelve\n");
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread serving = Thread.ofPlatform()
                .start(() -> exit.complete(run(
                        "--portal",
                        "127.0.0.1:0",
                        "--iqn",
                        IQN,
                        "--lun",
                        directory.resolve("a").toString(),
                        "--lun",
                        directory.resolve("b") + ",ro",
                        "--block-size",
                        "4096",
                        "--state",
                        directory.resolve("state").toString(),
                        "--chap",
                        "user",
                        "--chap-secret-file",
                        secret.toString())));
        awaitLines(2);
        String[] lines = out.toString().lines().toArray(String[]::new);
        ChapCredentials chap = new ChapCredentials("user", "a secret of twelve".getBytes(StandardCharsets.UTF_8));
        InitiatorOptions options =
                InitiatorOptions.named("iqn.2026-11.io.sluice:tests").withChap(chap, null);
        try (IscsiDisk first = IscsiDisk.open(addressIn(lines[0]), options);
                IscsiDisk second = IscsiDisk.open(addressIn(lines[1]), options)) {
            assertThat(first.blockBytes()).isEqualTo(4096);
            first.write(0, ByteBuffer.wrap(new byte[4096]));
            assertThat(second.readOnly()).isTrue();
            assertThat(first.serial()).isNotEqualTo(second.serial());
        }
        serving.interrupt();
        assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void mistakesAreNamedWithTheirRemedyAndNoStackTrace() throws IOException {
        String file = directory.resolve("disk").toString();
        FileDisk.create(Path.of(file), 1 << 20);
        assertMistake(2, "Missing required options", "--iqn", IQN);
        assertMistake(2, "HOST:PORT", "--portal", "nowhere", "--iqn", IQN, "--lun", file);
        assertMistake(2, "names no file", "--portal", "127.0.0.1:0", "--iqn", IQN, "--lun", ",ro");
        assertMistake(2, "is no iSCSI name", "--portal", "127.0.0.1:0", "--iqn", "Name", "--lun", file);
        assertMistake(2, "belong together", "--portal", "127.0.0.1:0", "--iqn", IQN, "--lun", file, "--chap", "user");
        assertMistake(
                3,
                "check that it is there",
                "--portal",
                "127.0.0.1:0",
                "--iqn",
                IQN,
                "--lun",
                directory.resolve("absent").toString());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String portal = "127.0.0.1:" + taken.getLocalPort();
            assertMistake(3, portal, "--portal", portal, "--iqn", IQN, "--lun", file);
        }
    }

    @Test
    void helpListsTheExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--mutual-secret-file", "Exit codes:");
    }

    @Test
    void aBlockSizeOrAStateThatCannotBeIsAMistake() throws Exception {
        String lun = directory.resolve("c").toString();
        FileDisk.create(Path.of(lun), 1 << 20);
        assertMistake(2, "--block-size 1000", withLun(lun, "--block-size", "1000"));
        String below = Path.of(lun).resolve("state").toString();
        assertMistake(3, "--state " + below, withLun(lun, "--state", below));
    }

    private static String[] withLun(String lun, String option, String value) {
        return new String[] {"--portal", "127.0.0.1:0", "--iqn", IQN, "--lun", lun, option, value};
    }

    private void assertMistake(int exitCode, String words, String... arguments) {
        err.getBuffer().setLength(0);
        assertThat(run(arguments)).isEqualTo(exitCode);
        assertThat(err.toString()).contains(words).doesNotContain("\tat ");
    }

    private int run(String... arguments) {
        CommandLine commandLine = TargetCommand.commandLine();
        return commandLine
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private void awaitLines(int count) {
        long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (out.toString().lines().count() < count) {
            assertThat(System.nanoTime()).as("serving by now: " + err).isLessThan(limit);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static DiskAddress addressIn(String line) {
        return DiskAddress.parse(line.substring(line.indexOf("iscsi://")));
    }
}
