package io.sluice.agent.check;

import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import io.sluice.agent.command.ProcessCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Looks at this host. Has the kernel load the modules it looks for, as using them would. */
public final class HostProbe {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final List<String> MODULES =
            List.of("dm-clone", "dm-era", "dm-multipath", "dm-round-robin", "dm-thin-pool", "iscsi_tcp");
    private static final List<String> PROGRAMS = List.of(
            "dmsetup",
            "iscsid",
            "iscsiadm",
            "lvs",
            "vgs",
            "lvcreate",
            "lvchange",
            "lvremove",
            "lvrename",
            "era_invalidate",
            "thin_dump");

    /** The address at which iscsid listens for iscsiadm, in the abstract namespace. */
    private static final String ISCSID = "@ISCSIADM_ABSTRACT_NAMESPACE";

    private static final String DEVICES_FILE = "etc/lvm/devices/system.devices";

    private final Commands commands;
    private final Path root;
    private final Predicate<String> programs;

    /** Looks below {@code root}, where /proc and /sys lie. */
    HostProbe(Commands commands, Path root, Predicate<String> programs) {
        this.commands = commands;
        this.root = root;
        this.programs = programs;
    }

    public static HostAbilities look(Commands commands) {
        HostProbe probe = new HostProbe(commands, Path.of("/"), program -> ProcessCommands.find(program) != null);
        return HostAbilities.of(probe.evidence());
    }

    Evidence evidence() {
        load();
        Set<String> found = new HashSet<>(PROGRAMS);
        found.removeIf(programs.negate());
        return new Evidence(
                read("proc/self/status").lines().anyMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*")),
                read("proc/sys/kernel/osrelease").strip(),
                targets(),
                Files.exists(root.resolve("sys/module/iscsi_tcp")) ? Set.of("iscsi_tcp") : Set.of(),
                found,
                read("proc/net/unix").lines().anyMatch(line -> line.endsWith(ISCSID)),
                Set.of(read("sys/fs/cgroup/cgroup.controllers").strip().split("\\s+")),
                found.contains("lvs") ? scan() : null);
    }

    private LvmScan scan() {
        boolean listed = setting("use_devicesfile").equals("1") && Files.exists(root.resolve(DEVICES_FILE));
        return new LvmScan(setting("global_filter"), setting("filter"), listed);
    }

    /** What {@code lvmconfig} shows behind the name; empty where nothing is set, or this LVM does not know it. */
    private String setting(String name) {
        Command ask = Command.capturing(LIMIT, "lvmconfig", "--typeconfig", "full", "devices/" + name);
        if (commands.run(ask) instanceof CommandResult.Exited exited && exited.code() == 0) {
            for (String line : exited.output().lines().toList()) {
                if (line.strip().startsWith(name + "=")) {
                    return line.strip().substring(name.length() + 1);
                }
            }
        }
        return "";
    }

    /** A module that is built in, or not there, changes nothing, nor for the others: what they give is looked at next. */
    private void load() {
        List<String> line = new ArrayList<>(List.of("modprobe", "--quiet", "--all"));
        line.addAll(MODULES);
        commands.run(Command.capturing(LIMIT, line));
    }

    /** {@code dmsetup targets}: a name and a version a line. */
    private Map<String, String> targets() {
        Map<String, String> targets = new HashMap<>();
        if (commands.run(Command.capturing(LIMIT, "dmsetup", "targets")) instanceof CommandResult.Exited exited
                && exited.code() == 0) {
            exited.output().lines().map(line -> line.strip().split("\\s+")).forEach(words -> {
                if (words.length == 2) {
                    targets.put(words[0], words[1]);
                }
            });
        }
        return targets;
    }

    /** Empty when there is no such file. */
    private String read(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + root.resolve(file), e);
        }
    }
}
