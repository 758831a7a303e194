package io.sluice.orchestrator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class CommandsTest {

    private final FakeService service = new FakeService();
    private final Map<String, String> variables = new HashMap<>();

    @TempDir
    private Path home = Path.of("set by JUnit");

    private record Ran(int exit, String out, String err) {}

    @BeforeEach
    void speakToTheFakeService() {
        variables.put("SLUICE_URL", service.url());
        variables.put("SLUICE_TOKEN", FakeService.TOKEN);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void workersAreListedAndUnknownIsNotZero() {
        service.on("GET /workers", 200, Answers.WORKERS);

        Ran ran = run("workers");

        assertThat(ran.exit()).isZero();
        assertThat(ran.out().lines().toList())
                .hasSize(3)
                .satisfies(lines -> assertThat(lines.get(1))
                        .matches("worker-1 +active +connected +1 of 2 running +2 +512 MiB +3.5 GiB +-"))
                .satisfies(lines -> assertThat(lines.get(2))
                        .matches("worker-2 +lost +silent unknown +unknown +unknown +unknown +unknown +-"));
    }

    @Test
    void statesAreListedInTheirOrder() {
        service.on("GET /migration-states", 200, """
                {"items":[{"state":"Planned","kind":"REVERSIBLE"},{"state":"Done","kind":"TERMINAL"}]}""");

        Ran ran = run("migrations", "states");

        assertThat(ran.exit()).isZero();
        assertThat(ran.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly("STATE KIND", "Planned REVERSIBLE", "Done TERMINAL");
    }

    @Test
    void jsonIsWhatTheServiceAnswered() {
        service.on("GET /workers", 200, Answers.WORKERS);
        JsonMapper json = new JsonMapper();

        Ran ran = run("workers", "list", "--output", "json");

        assertThat(json.readTree(ran.out())).isEqualTo(json.readTree(Answers.WORKERS));
    }

    @Test
    void dryRunShowsThePlanAndStartsNothing() {
        service.on("POST /workers/worker-1/drain?dryRun=true", 200, Answers.PLAN);

        Ran ran = run("drain", "worker-1", "--dry-run", "--reason", "kernel update");

        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).contains("1 to move, 0 refused; 256 MiB to bring over, time unknown");
        assertThat(ran.out()).containsPattern("db-1 +vol-1 +256 MiB +worker-2 +dm-clone +most free space");
        assertThat(service.asked()).hasSize(1).first().asString().contains("\"reason\":\"kernel update\"");
    }

    @Test
    void whatIsMovedOutOfTheWayIsShownWithWhoseSakeItIsFor() {
        String move =
                "{\"workload\":\"web-9\",\"volumes\":[{\"id\":\"vol-9\",\"sizeBytes\":268435456,\"pool\":\"main\"}],"
                        + "\"source\":\"worker-3\",\"destination\":\"worker-4\",\"makesRoomFor\":\"db-1\"}";
        service.on(
                        "POST /workers/worker-1/drain?dryRun=true",
                        200,
                        Answers.REFUSING_PLAN.replace("\"order\":", "\"moves\":[" + move + "],\"order\":"))
                .on(
                        "GET /drains/d-1",
                        200,
                        Answers.drain("RUNNING", false, "Planned")
                                .replace("\"source\":", "\"makesRoomFor\":\"db-7\",\"source\":"));

        assertThat(run("drain", "worker-1", "--dry-run", "--third-party", "3,1GiB")
                        .out())
                .contains("moved out of the way, from other workers:")
                .containsPattern("web-9 +vol-9 +256 MiB +worker-3 +worker-4 +db-1");
        assertThat(service.asked().getFirst()).contains("\"thirdParty\":{\"volumes\":3,\"bytes\":1073741824}");
        assertThat(run("drains", "show", "d-1").out()).contains("to worker-2, makes room for db-7");
    }

    @Test
    void severalWorkersAreAskedForInOneCallWithWhatTheyKeepTo() {
        service.on("POST /drains", 202, "{\"items\":[" + Answers.drain("SCHEDULED", false, "Planned") + "]}")
                .on("GET /drains/d-1/plan", 200, Answers.PLAN);

        Ran ran = run(
                "drain",
                "worker-1",
                "worker-2",
                "--mode",
                "decommission",
                "--not-before",
                "2026-12-01T22:00:00+01:00",
                "--window",
                "22:00-04:00 Europe/Berlin",
                "--priority",
                "7",
                "--deadline",
                "+1d12h",
                "--deadline-missed",
                "pause");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exit()).isZero();
        assertThat(service.asked().getFirst())
                .startsWith("POST /drains {\"workers\":[\"worker-1\",\"worker-2\"],\"mode\":\"DECOMMISSION\"")
                .contains("\"priority\":7", "\"notBefore\":\"2026-12-01T21:00:00Z\"")
                .contains("\"windows\":[\"22:00-04:00 Europe/Berlin\"]", "\"deadlineMissed\":\"PAUSE\"")
                // counted by the service, whatever the time is here
                .contains("\"deadline\":\"+PT36H\"")
                .doesNotContain("null");
        assertThat(ran.out()).contains("drain d-1 is under way");
    }

    @Test
    void aDryRunIsExecutedByItsIdAlone() {
        service.on("POST /drains", 202, "{\"items\":[" + Answers.drain("RUNNING", false, "Planned") + "]}")
                .on("GET /drains/d-1/plan", 200, Answers.PLAN);

        assertThat(run("drain", "--plan", "p-1").exit()).isZero();
        assertThat(service.asked().getFirst()).isEqualTo("POST /drains {\"plan\":\"p-1\"}");
        assertThat(run("drain", "--plan", "p-1", "--priority", "3").exit()).isEqualTo(2);
        assertThat(run("drain", "--plan", "p-1", "worker-1").exit()).isEqualTo(2);
        assertThat(run("drain").err()).contains("nothing says what to drain");
        assertThat(run("drain", "worker-1", "--deadline", "soon").err()).contains("--deadline soon is no time");
    }

    @Test
    void drainsAndMigrationsAreSteered() {
        String drain = Answers.drain("PAUSED", false, "Planned");
        service.on("POST /drains/d-1/pause", 200, drain)
                .on("POST /drains/d-1/resume", 200, drain)
                .on("PATCH /drains/d-1", 200, drain)
                .on("POST /migrations/m-1/hold", 409, "{\"code\":\"MIGRATION_ENDED\",\"detail\":\"m-1 is Done\"}");

        assertThat(run("drains", "pause", "d-1", "--reason", "lunch").out()).contains("drain d-1 of worker-1: paused");
        assertThat(run("drains", "resume", "d-1").exit()).isZero();
        assertThat(run("drains", "limits", "d-1", "--max-per-source", "4", "--deadline", "none", "--window", "none")
                        .exit())
                .isZero();
        assertThat(run("drains", "limits", "d-1").exit()).isEqualTo(2);
        assertThat(run("drains", "limits", "d-1", "--third-party", "3,2GiB").exit())
                .isZero();
        assertThat(run("drains", "limits", "d-1", "--third-party", "none").exit())
                .isZero();
        assertThat(run("drains", "limits", "d-1", "--third-party", "some").err())
                .contains("--third-party some is no permission");
        assertThat(run("drains", "limits", "d-1", "--third-party", "1,9999999999TiB")
                        .err())
                .contains("too large");
        assertThat(run("migrations", "hold", "m-1").err()).contains("MIGRATION_ENDED: m-1 is Done");
        assertThat(service.asked())
                .contains(
                        "POST /drains/d-1/pause {\"reason\":\"lunch\"}",
                        "POST /drains/d-1/resume",
                        "PATCH /drains/d-1 {\"maxConcurrentPerSource\":4,\"windows\":null,\"deadline\":null}",
                        "PATCH /drains/d-1 {\"thirdParty\":{\"volumes\":3,\"bytes\":2147483648}}",
                        "PATCH /drains/d-1 {\"thirdParty\":null}");
    }

    @Test
    void whyNotTheOthersIsShownOnRequest() {
        service.on(
                "GET /plans/p-1/others?of=db-1",
                200,
                "{\"of\":\"db-1\",\"destination\":\"worker-2\",\"others\":[{\"worker\":\"worker-3\","
                        + "\"code\":\"CORDONED\",\"message\":\"is cordoned\"}]}");

        assertThat(run("plans", "others", "p-1", "db-1").out()).containsPattern("worker-3 +cordoned +is cordoned");
    }

    @Test
    void planThatRefusesSomethingNamesCodeAndRemedyAndExitsAsBlocked() {
        service.on("POST /workers/worker-1/drain?dryRun=true", 200, Answers.REFUSING_PLAN);

        Ran ran = run("drain", "worker-1", "--dry-run");

        assertThat(ran.exit()).isEqualTo(5);
        assertThat(ran.out())
                .contains("NO_ELIGIBLE_DESTINATION  db-1: all other workers are cordoned")
                .contains("remedy: uncordon one");
    }

    @ParameterizedTest
    @CsvSource({"DRAINED,true,0", "BLOCKED,false,5", "CANCELLED,false,6"})
    void waitingEndsWithTheDrainAndTellsHowItEnded(String phase, boolean safe, int exit) {
        service.on("POST /workers/worker-1/drain", 202, Answers.drain("RUNNING", false, "Hydrating"))
                .on("GET /drains/d-1/plan", 200, Answers.PLAN)
                .on("GET /drains/d-1", 200, Answers.drain("RUNNING", false, "Hydrating"))
                .on("GET /drains/d-1", 200, Answers.drain(phase, safe, "Done"));

        Ran ran = run("drain", "worker-1", "--wait");

        assertThat(ran.exit()).isEqualTo(exit);
        assertThat(ran.out())
                .contains("db-1: hydrating (worker-1 -> worker-2)")
                .contains("db-1: done (worker-1 -> worker-2), interrupted 84 ms")
                .contains(safe ? "worker-1 is SAFE TO POWER OFF" : "VOLUME_HELD  vol-1: vol-1 is still there");
    }

    @Test
    void waitingOutlivesAServiceThatFailsToAnswerOnce() {
        service.on("POST /workers/worker-1/drain", 202, Answers.drain("RUNNING", false, "Hydrating"))
                .on("GET /drains/d-1", 503, "{\"code\":\"STARTING\",\"detail\":\"the service is starting\"}")
                .on("GET /drains/d-1", 200, Answers.drain("DRAINED", true, "Done"));

        Ran ran = run("drain", "worker-1", "--wait", "--output", "json");

        assertThat(ran.exit()).isZero();
        assertThat(new JsonMapper().readTree(ran.out()).path("phase").asString())
                .isEqualTo("DRAINED");
    }

    @Test
    void startingWithoutWaitingTellsHowToCancel() {
        service.on("POST /workers/worker-1/drain", 202, Answers.drain("RUNNING", false, "Planned"))
                .on("GET /drains/d-1/plan", 200, Answers.PLAN);

        Ran ran = run("drain", "worker-1");

        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).contains("cancel it with: sluice drains cancel d-1");
    }

    @Test
    void showingADrainPrintsItsBars() {
        service.on("GET /drains/d-1", 200, Answers.drain("RUNNING", false, "Hydrating"));

        assertThat(run("drains", "show", "d-1").out())
                .containsPattern("db-1 +hydrating +#{12}\\.{12}  50 %  128 MiB of 256 MiB");
    }

    @Test
    void cancellingAsksTheServiceOnce() {
        service.on("POST /drains/d-1/cancel", 202, Answers.drain("CANCELLING", false, "Hydrating"));

        assertThat(run("drains", "cancel", "d-1").exit()).isZero();
        assertThat(service.asked()).containsExactly("POST /drains/d-1/cancel");
    }

    @Test
    void cordoningAnUnknownWorkerIsRefusedWithCodeAndRemedy() {
        Ran ran = run("workers", "cordon", "nope");

        assertThat(ran.exit()).isEqualTo(4);
        assertThat(ran.err()).isEqualToNormalizingNewlines("""
                        sluice: UNKNOWN_WORKER: there is no worker 'nope'
                          remedy: List what there is
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"write-off", "reinstate"})
    void aReasonGoesWithWritingAWorkerOffAndWithTakingItBack(String what) {
        service.on("POST /workers/worker-2/" + what, 200, Answers.WRITTEN_OFF);

        Ran ran = run("workers", what, "worker-2", "--reason", "its board burnt");

        assertThat(ran.exit()).isZero();
        assertThat(service.asked())
                .containsExactly("POST /workers/worker-2/" + what + " {\"reason\":\"its board burnt\"}");
        assertThat(ran.out())
                .contains("worker-2: written off, cordoned")
                .contains("written off by ann at 2026-11-26T15:00:00Z: its board burnt");
    }

    @Test
    void wrongTokenIsRefused() {
        Ran ran = run("workers", "--token", "guessed");

        assertThat(ran.exit()).isEqualTo(4);
        assertThat(ran.err()).contains("UNAUTHORIZED").contains("--token-file");
    }

    @Test
    void serviceThatIsNotThereIsUnreachable() {
        service.close();

        Ran ran = run("workers");

        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.err()).contains("nothing listens there").contains("--url");
    }

    @Test
    void failureInsideTheServiceIsNotTheUsersFault() {
        service.on("GET /volumes", 500, "{\"code\":\"INTERNAL\",\"detail\":\"the database does not answer\"}");

        Ran ran = run("volumes");

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("INTERNAL: the database does not answer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<html>a proxy</html>", "{\"items\":[{\"id\":7}]}", "{\"items\":[{\"cordoned\":\"maybe\"}]}"})
    void answerThatIsNoneOfTheApisIsSaidToBeSo(String body) {
        service.on("GET /workers", 200, body);

        Ran ran = run("workers");

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("ANSWER_NOT_UNDERSTOOD").doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource({"'',a command is missing", "'bogus',Unmatched argument", "'drain',nothing says what to drain"})
    void wrongUsageIsToldInOneSentence(String line, String message) {
        Ran ran = run(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains(message).contains("--help").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://host", "nonsense", "http://"})
    void urlThatNamesNoServiceIsWrongUsage(String url) {
        Ran ran = run("workers", "--url", url);

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("\"" + url + "\" is no URL of a service");
    }

    @Test
    void withoutATokenTheCommandSaysWhereOneMayCome() {
        variables.remove("SLUICE_TOKEN");

        Ran ran = run("workers");

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("no token given").contains("SLUICE_TOKEN_FILE");
    }

    @Test
    void tokenOfTheServerOnThisMachineIsFound() throws Exception {
        variables.remove("SLUICE_TOKEN");
        Path state = Files.createDirectories(home.resolve(".local/state/sluice/server"));
        Files.writeString(state.resolve("operator-token"), FakeService.TOKEN + "\n");
        service.on("GET /workers", 200, Answers.WORKERS);

        assertThat(run("workers").exit()).isZero();
    }

    @Test
    void optionWinsOverVariableAndVariableOverFile() throws Exception {
        Path wrong = Files.writeString(home.resolve("wrong"), "stale");
        Path right = Files.writeString(home.resolve("right"), FakeService.TOKEN);
        variables.put("SLUICE_TOKEN_FILE", wrong.toString());
        service.on("GET /workers", 200, Answers.WORKERS);

        assertThat(run("workers").exit())
                .as("SLUICE_TOKEN before SLUICE_TOKEN_FILE")
                .isZero();
        variables.put("SLUICE_TOKEN", "stale");
        assertThat(run("workers", "--token-file", right.toString()).exit())
                .as("--token-file before SLUICE_TOKEN")
                .isZero();
    }

    @Test
    void everyCommandExplainsItself() {
        for (List<String> path : paths(Main.commandLine(environment()), List.of())) {
            List<String> arguments = new ArrayList<>(path);
            arguments.add("--help");
            Ran ran = run(arguments.toArray(String[]::new));
            assertThat(ran.exit()).as("%s", arguments).isZero();
            assertThat(ran.out()).as("%s", arguments).contains("Usage:").contains("Exit codes:");
        }
    }

    private static List<List<String>> paths(CommandLine command, List<String> path) {
        List<List<String>> paths = new ArrayList<>();
        paths.add(path);
        command.getSubcommands().forEach((name, subcommand) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            paths.addAll(paths(subcommand, longer));
        });
        return paths;
    }

    private Environment environment() {
        return new Environment(variables, home);
    }

    private Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Main.commandLine(environment())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Ran(exit, out.toString(), err.toString());
    }
}
