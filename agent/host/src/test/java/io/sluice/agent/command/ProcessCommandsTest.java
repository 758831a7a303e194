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
                .run(Command.logging(
                        limit, List.of("/bin/sh", "-c", script), Map.of("GIVEN", "yes"), directory.resolve("out.log")));
    }

    private CommandResult capture(String script) {
        return new ProcessCommands().run(Command.capturing(Duration.ofSeconds(20), "sh", "-c", script));
    }

    @Test
    void theExitCodeAndTheEndOfTheOutputComeBack() {
        assertThat(run("echo to stdout; echo to stderr >&2; exit 7", Duration.ofSeconds(20)))
                .isEqualTo(new CommandResult.Exited(7, "to stdout\nto stderr", ""));
    }

    @Test
    void theEnvironmentIsWhatIsGivenAndNothingOfTheAgents() {
        CommandResult result = run("env", Duration.ofSeconds(20));

        assertThat(result)
                .isInstanceOfSatisfying(
                        CommandResult.Exited.class,
                        exited -> assertThat(exited.output().lines())
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

        assertThat(result).isEqualTo(new CommandResult.Exited(0, "", ""));
        assertThat(left.isAlive()).isTrue();
        assertThat(groupOf(left.pid()))
                .isNotEqualTo(groupOf(ProcessHandle.current().pid()));
        left.destroyForcibly();
    }

    @Test
    void aProgramThatIsNotThereIsNotTakenForAnExitCode() {
        for (String program : List.of("/no/such/program", "no-such-program")) {
            CommandResult result = new ProcessCommands().run(Command.capturing(Duration.ofSeconds(20), program));

            assertThat(result).isEqualTo(new CommandResult.NotStarted(program + " is no executable file"));
        }
    }

    @Test
    void theTwoStreamsOfACapturedProgramComeBackApartAndWhole() {
        assertThat(capture("echo report; echo trouble >&2; exit 5"))
                .isEqualTo(new CommandResult.Exited(5, "report\n", "trouble"));
    }

    @Test
    void aCapturedProgramSpeaksPlainAndGetsNothingOfTheAgents() {
        assertThat(capture("env"))
                .isInstanceOfSatisfying(
                        CommandResult.Exited.class,
                        exited -> assertThat(exited.output().lines())
                                .contains("LC_ALL=C")
                                .allMatch(line -> line.matches("(LC_ALL|PATH|PWD|OLDPWD|SHLVL|_)=.*")));
    }

    @Test
    void argumentsAreNotReadByAShell() {
        CommandResult result =
                new ProcessCommands().run(Command.capturing(Duration.ofSeconds(20), "printf", "%s", "$HOME; `id` > x"));

        assertThat(result).isEqualTo(new CommandResult.Exited(0, "$HOME; `id` > x", ""));
    }

    @Test
    void aSecretIsReadFromStandardInputAndIsNowhereElse() {
        Command command = Command.capturing(Duration.ofSeconds(20), "sh", "-c", "read -r it; echo \"got $it\"; cat")
                .withInput("s3cret\n");

        assertThat(new ProcessCommands().run(command)).isEqualTo(new CommandResult.Exited(0, "got s3cret\n", ""));
        assertThat(command + " " + command.input()).doesNotContain("s3cret");
    }

    @Test
    void aProgramThatDoesNotReadItsInputIsNoTrouble() {
        CommandResult result = new ProcessCommands()
                .run(Command.capturing(Duration.ofSeconds(20), "true").withInput("never read"));

        assertThat(result).isEqualTo(new CommandResult.Exited(0, "", ""));
    }

    @Test
    void aProgramThatPrintsWithoutEndIsStopped() {
        Command endless = new Command(
                List.of("yes"),
                Map.of(),
                Duration.ofSeconds(60),
                new Command.Output.Captured(10_000),
                Command.Input.NONE);

        assertThat(new ProcessCommands().run(endless)).isEqualTo(new CommandResult.PrintedTooMuch(10_000));
    }

    @Test
    void ofEndlessErrorsTheEndIsKept() {
        assertThat(capture("seq 1 5000 >&2"))
                .isInstanceOfSatisfying(
                        CommandResult.Exited.class,
                        exited -> assertThat(exited.errors())
                                .hasSizeLessThanOrEqualTo(2048)
                                .endsWith("4999\n5000"));
    }

    @Test
    void whatACapturedProgramLeavesRunningDoesNotHoldItsResultBack() throws Exception {
        Path child = directory.resolve("child");
        CommandResult result = capture("sleep 300 & echo $! > " + child + "; echo said");
        ProcessHandle left = ProcessHandle.of(pid(child)).orElseThrow();

        assertThat(result).isEqualTo(new CommandResult.Exited(0, "said\n", ""));
        assertThat(left.isAlive()).isTrue();
        left.destroyForcibly();
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
