package io.sluice.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessCommandsTest {
    @TempDir
    Path directory;

    private CommandResult run(String script, Duration limit) {
        return new ProcessCommands()
                .run(new Command(
                        List.of("/bin/sh", "-c", script), Map.of("GIVEN", "yes"), limit, directory.resolve("out.log")));
    }

    @Test
    void theExitCodeAndTheEndOfTheOutputComeBack() {
        assertThat(run("echo to stdout; echo to stderr >&2; exit 7", Duration.ofSeconds(20)))
                .isEqualTo(new CommandResult.Exited(7, "to stdout\nto stderr"));
    }

    @Test
    void theEnvironmentIsWhatIsGivenAndNothingOfTheAgents() {
        CommandResult result = run("env", Duration.ofSeconds(20));

        assertThat(result)
                .isInstanceOfSatisfying(
                        CommandResult.Exited.class,
                        exited -> assertThat(exited.tail().lines())
                                .contains("GIVEN=yes")
                                .allMatch(line -> line.matches("(GIVEN|PATH|PWD|OLDPWD|SHLVL|_)=.*")));
    }

    @Test
    void aProgramPastItsLimitDiesWithItsChildren() throws Exception {
        Path child = directory.resolve("child");
        CommandResult result = run("sleep 300 & echo $! > " + child + "; wait", Duration.ofMillis(500));

        assertThat(result).isInstanceOf(CommandResult.TimedOut.class);
        assertThat(ends(pid(child))).isTrue();
    }

    @Test
    void whatAProgramLeavesRunningIsLeftAloneAndLeadsNoGroupOfOurs() throws Exception {
        Path child = directory.resolve("child");
        CommandResult result = run("sleep 300 & echo $! > " + child, Duration.ofSeconds(20));
        ProcessHandle left = ProcessHandle.of(pid(child)).orElseThrow();

        assertThat(result).isEqualTo(new CommandResult.Exited(0, ""));
        assertThat(left.isAlive()).isTrue();
        assertThat(groupOf(left.pid()))
                .isNotEqualTo(groupOf(ProcessHandle.current().pid()));
        left.destroyForcibly();
    }

    @Test
    void aProgramThatIsNotThereIsNotTakenForAnExitCode() {
        CommandResult result = new ProcessCommands()
                .run(new Command(
                        List.of("/no/such/program"), Map.of(), Duration.ofSeconds(20), directory.resolve("out.log")));

        assertThat(result).isInstanceOf(CommandResult.NotStarted.class);
    }

    private static long pid(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    private static boolean ends(long pid) throws Exception {
        var left = ProcessHandle.of(pid);
        if (left.isPresent()) {
            left.get().onExit().get(20, TimeUnit.SECONDS);
        }
        return true;
    }

    private static String groupOf(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[2];
    }
}
