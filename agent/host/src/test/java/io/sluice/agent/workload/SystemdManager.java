package io.sluice.agent.workload;

import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import io.sluice.agent.command.ProcessCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A systemd of its own: process 1 of namespaces for processes, mounts and control groups, with no unit but those it is given and
 * the host's files otherwise. Runs commands beside it.
 */
final class SystemdManager implements Commands, AutoCloseable {
    private static final Path SYSTEMD = Path.of("/lib/systemd/systemd");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String BOOT = """
            set -e
            mount -t tmpfs tmpfs /run
            mount -t tmpfs tmpfs /etc/systemd/system
            mount -o remount,ro,bind /sys 2>/dev/null || mount -o bind,ro /sys /sys
            mount -t cgroup2 none /sys/fs/cgroup
            cp "$1"/* /etc/systemd/system/
            exec env -i container=docker PATH=/usr/sbin:/usr/bin:/sbin:/bin %s --system --unit=empty.target --log-target=console
            """.formatted(SYSTEMD);

    private final Process namespaces;
    private final ProcessCommands host = new ProcessCommands();
    private final long pid;

    private SystemdManager(Process namespaces, long pid) {
        this.namespaces = namespaces;
        this.pid = pid;
    }

    /** Whether this machine lets us: root, and the programs are installed. */
    static boolean canStart() {
        return "root".equals(System.getProperty("user.name"))
                && Files.isExecutable(SYSTEMD)
                && Stream.of("unshare", "nsenter", "systemctl").allMatch(name -> ProcessCommands.find(name) != null);
    }

    /** @param units a directory of unit files */
    static SystemdManager start(Path units, Path log) throws IOException, InterruptedException {
        Files.writeString(units.resolve("empty.target"), "[Unit]\nDefaultDependencies=no\n");
        Process namespaces = new ProcessBuilder(
                        "unshare",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount",
                        "--cgroup",
                        "--ipc",
                        "--mount-proc",
                        "sh",
                        "-c",
                        BOOT,
                        "boot",
                        units.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end && namespaces.isAlive()) {
            ProcessHandle first = namespaces.children().findFirst().orElse(null);
            if (first != null) {
                SystemdManager manager = new SystemdManager(namespaces, first.pid());
                if (manager.run(Command.capturing(LIMIT, "systemctl", "is-active", "empty.target"))
                        .succeeded()) {
                    return manager;
                }
            }
            Thread.sleep(50);
        }
        namespaces.destroyForcibly();
        throw new IllegalStateException("systemd did not come up: " + Files.readString(log));
    }

    @Override
    public CommandResult run(Command command) {
        List<String> line = new ArrayList<>(
                List.of("nsenter", "--target", Long.toString(pid), "--mount", "--pid", "--cgroup", "--"));
        line.addAll(command.arguments());
        return host.run(new Command(line, command.environment(), command.limit(), command.output(), command.input()));
    }

    ControlGroupTree controlGroups() {
        return new ControlGroupTree(Path.of("/proc/" + pid + "/root/sys/fs/cgroup"));
    }

    /** The namespaces' first process takes all others with it. */
    @Override
    public void close() {
        namespaces.descendants().forEach(ProcessHandle::destroyForcibly);
        namespaces
                .destroyForcibly()
                .onExit()
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
