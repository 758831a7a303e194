package io.sluice.orchestrator.cli.demo;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the programs are: the launcher's build ({@code -Dsluice.home}), or, in tests, everything on one class path.
 *
 * @param cache ahead-of-time cache (JEP 514) of the workload, made when the launcher builds; it cuts its start by two fifths; null if none
 */
record Installation(
        Path java,
        String orchestrator,
        String agent,
        String exerciser,
        @Nullable Path cache) {

    /** What every process of the demo gets: small heaps, and the compiler that is quickest to be of use. */
    private static final List<String> SHAPE =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable", "-Xlog:all=error:stderr");

    /** Not for the workload, which needs neither: a cache is of use only to a JVM with the options it was made with. */
    private static final List<String> NATIVE =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private static final String EXERCISER = "io.sluice.iscsi.exerciser.Exerciser";

    static Installation here() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String home = System.getProperty("sluice.home");
        if (home == null) {
            String classPath = System.getProperty("java.class.path");
            return new Installation(java, classPath, classPath, classPath, null);
        }
        Path root = Path.of(home);
        Path cache = root.resolve("target/cds/Exerciser.aot");
        return new Installation(
                java,
                app(root, "orchestrator"),
                app(root, "agent/host"),
                app(root, "iscsi-target"),
                Files.exists(cache) ? cache : null);
    }

    private static String app(Path root, String module) {
        Path folder = root.resolve(module).resolve("target/app");
        if (!Files.isDirectory(folder)) {
            throw new DemoFailure(folder + " is missing: run 'sluice build'");
        }
        return folder + File.separator + "*";
    }

    List<String> orchestrator(List<String> arguments) {
        return command(NATIVE, 512, orchestrator, "io.sluice.orchestrator.cli.Main", arguments);
    }

    List<String> agent(List<String> arguments) {
        return command(NATIVE, 256, agent, "io.sluice.agent.AgentCommand", arguments);
    }

    /** The program that a workload of the demo is. */
    List<String> workload() {
        List<String> options = cache == null ? List.of() : List.of("-XX:AOTCache=" + cache);
        return command(options, 96, exerciser, EXERCISER, List.of("run"));
    }

    /** The same program, to make volumes and to compare them. */
    List<String> exerciser(List<String> arguments) {
        return command(NATIVE, 96, exerciser, EXERCISER, arguments);
    }

    private List<String> command(
            List<String> options, int heapMebibytes, String classPath, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(SHAPE);
        command.addAll(options);
        command.addAll(List.of("-Xmx" + heapMebibytes + "m", "-cp", classPath, main));
        command.addAll(arguments);
        return command;
    }
}
