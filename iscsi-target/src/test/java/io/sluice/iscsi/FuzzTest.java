package io.sluice.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.login.LoginFuzz;
import io.sluice.iscsi.pdu.DecoderFuzz;
import io.sluice.iscsi.session.SessionFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Coverage-guided fuzzing (Jazzer), for {@code -Dfuzz.seconds=} (8 unless told) each, from the inputs in {@code src/test/resources/fuzz}
 * on. What it finds in a long run is kept in {@code -Dfuzz.corpus=DIRECTORY}.
 */
class FuzzTest {
    private static final Duration GRACE = Duration.ofMinutes(2);

    @ParameterizedTest
    @ValueSource(classes = {DecoderFuzz.class, LoginFuzz.class, SessionFuzz.class})
    void noInputBreaksWhatAlwaysHolds(Class<?> target) throws IOException, InterruptedException {
        long seconds = Long.getLong("fuzz.seconds", 8);
        Path kept = Path.of(System.getProperty("fuzz.corpus", "target/fuzz"), target.getSimpleName());
        Files.createDirectories(kept);
        Path log = kept.resolveSibling(target.getSimpleName() + ".log");
        Process fuzzing = new ProcessBuilder(command(target, seconds, kept))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = fuzzing.waitFor(seconds + GRACE.toSeconds(), TimeUnit.SECONDS);
        fuzzing.destroyForcibly();
        String printed = Files.readString(log);
        assertThat(ended).as(printed).isTrue();
        assertThat(fuzzing.exitValue()).as(printed).isZero();
        assertThat(printed).contains("Done ").contains("Instrumented io.sluice").doesNotContain("INITED cov: 0");
    }

    private static List<String> command(Class<?> target, long seconds, Path kept) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-XX:+EnableDynamicAgentLoading",
                "-XX:-OmitStackTraceInFastThrow",
                "-Xmx512m",
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=io.sluice.iscsi.pdu.**:io.sluice.iscsi.login.**:io.sluice.iscsi.session.**",
                "--reproducer_path=" + kept.getParent(),
                "--custom_hook_excludes=**",
                "-artifact_prefix=" + kept.getParent() + "/" + target.getSimpleName() + "-",
                "-max_total_time=" + seconds,
                "-max_len=4096",
                "-timeout=20",
                "-print_final_stats=1",
                kept.toString(),
                "src/test/resources/fuzz/" + target.getSimpleName());
    }
}
