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
 * @param archives folder for class data archives, which halve the start of a JVM; null uses none
 */
record Installation(
        Path java,
        String orchestrator,
        String agent,
        String exerciser,
        @Nullable Path archives) {

    /** What every process of the demo gets: small heaps, and the compiler that is quickest to be of use. */
    private static final List<String> SHAPE = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    static Installation here() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String home = System.getProperty("sluice.home");
        if (home == null) {
            String classPath = System.getProperty("java.class.path");
            return new Installation(java, classPath, classPath, classPath, null);
        }
        Path root = Path.of(home);
        Path archives = root.resolve("target/cds");
        return new Installation(
                java,
                app(root, "orchestrator"),
                app(root, "agent/host"),
                app(root, "iscsi-target"),
                Files.isWritable(root.resolve("target")) ? archives : null);
    }

    private static String app(Path root, String module) {
        Path folder = root.resolve(module).resolve("target/app");
        if (!Files.isDirectory(folder)) {
            throw new DemoFailure(folder + " is missing: run 'sluice build'");
        }
        return folder + File.separator + "*";
    }

    List<String> orchestrator(String main, List<String> arguments) {
        return command(orchestrator, main, 512, arguments);
    }

    List<String> agent(String main, List<String> arguments) {
        return command(agent, main, 256, arguments);
    }

    List<String> exerciser(String main, List<String> arguments) {
        return command(exerciser, main, 96, arguments);
    }

    private List<String> command(String classPath, String main, int heapMebibytes, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(SHAPE);
        Path archive = archives == null ? null : archives.resolve(main.substring(main.lastIndexOf('.') + 1) + ".jsa");
        if (archive != null && Files.exists(archive)) {
            command.add("-XX:SharedArchiveFile=" + archive);
            command.add("-Xlog:disable");
            command.add("-Xlog:all=error:stderr");
        }
        command.add("-Xmx" + heapMebibytes + "m");
        command.add("-cp");
        command.add(classPath);
        command.add(main);
        command.addAll(arguments);
        return command;
    }
}
