package io.sluice.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Other people's programs. Where one is not installed its test is skipped, but fails in CI, which installs them all. */
final class Tool {
    private static final int SECONDS = 60;

    private Tool() {}

    /** What a program prints; it must succeed. {@code directory} is for what it leaves behind. */
    static String output(Path directory, String program, String... arguments) throws IOException, InterruptedException {
        Ended ended = run(directory, program, arguments);
        assertThat(ended.status)
                .as("%s %s: %s", program, List.of(arguments), ended.printed)
                .isZero();
        return ended.printed;
    }

    /** What a program prints that must fail. */
    static String failure(Path directory, String program, String... arguments)
            throws IOException, InterruptedException {
        Ended ended = run(directory, program, arguments);
        assertThat(ended.status)
                .as("%s %s: %s", program, List.of(arguments), ended.printed)
                .isNotZero();
        return ended.printed;
    }

    /** What a program prints, whether it succeeds or not. */
    static String printed(Path directory, String program, String... arguments)
            throws IOException, InterruptedException {
        return run(directory, program, arguments).printed;
    }

    private record Ended(int status, String printed) {}

    private static Ended run(Path directory, String program, String... arguments)
            throws IOException, InterruptedException {
        require(installed(program), program + " is not on the PATH");
        Path printed = Files.createTempFile(directory, program, ".out");
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        String text = Files.readString(printed);
        require(!text.contains("Unknown protocol 'iscsi'"), program + " was built without iSCSI");
        assertThat(ended).as("%s ended: %s", program, text).isTrue();
        return new Ended(process.exitValue(), text);
    }

    private static void require(boolean condition, String otherwise) {
        if (System.getenv("CI") == null) {
            assumeTrue(condition, otherwise);
        } else {
            assertThat(condition)
                    .as("%s, and in CI it must be there", otherwise)
                    .isTrue();
        }
    }

    private static boolean installed(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
