package io.sluice.agent.devicemapper;

import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules for udev that keep scanners off our devices and off the disks of exports. What is on them is a workload's: read by
 * {@code blkid} it would come from another host, and volume groups found on it would be activated here. Units still find a
 * workload's disk by its name. The rules of storage that are skipped so would also make the names under {@code disk/by-path}, which LVM's
 * filter goes by: they are made here, from where the disk is and not from what is on it.
 */
public final class ScanRules {
    private static final Logger log = LoggerFactory.getLogger(ScanRules.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Before the rules of device-mapper and of storage, under any distribution's numbers; gone with the next boot. */
    private static final Path FILE = Path.of("rules.d", "12-sluice.rules");

    private static final String RULES = """
        # Written by the Sluice agent at each of its starts.
        SUBSYSTEM!="block", GOTO="sluice_end"
        KERNEL=="dm-*", ATTR{dm/name}=="sluice-*", ENV{DM_NOSCAN}="1", ENV{DM_UDEV_DISABLE_DISK_RULES_FLAG}="1", SYMLINK+="mapper/$attr{dm/name}"
        KERNEL=="sd*", ATTRS{vendor}=="SLUICE  ", ENV{UDEV_DISABLE_PERSISTENT_STORAGE_RULES_FLAG}="1", ENV{DM_MULTIPATH_DEVICE_PATH}="1", ENV{SYSTEMD_READY}="0"
        KERNEL=="sd*", ENV{DEVTYPE}=="disk", ATTRS{vendor}=="SLUICE  ", IMPORT{builtin}="path_id"
        KERNEL=="sd*", ENV{DEVTYPE}=="disk", ATTRS{vendor}=="SLUICE  ", ENV{ID_PATH}=="?*", SYMLINK+="disk/by-path/$env{ID_PATH}"
        LABEL="sluice_end"
        """;

    private ScanRules() {}

    /** Puts the rules in force; where no udev runs there is nothing to keep off. */
    public static void install(Path udev, Commands commands) {
        if (!Files.isDirectory(udev)) {
            return;
        }
        Path file = udev.resolve(FILE);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, RULES);
        } catch (IOException e) {
            log.warn("udev may scan the content of volumes: cannot write {}: {}", file, e.getMessage());
            return;
        }
        CommandResult result = commands.run(Command.capturing(LIMIT, "udevadm", "control", "--reload"));
        if (!result.succeeded()) {
            log.warn("udev may scan the content of volumes: udevadm control --reload {}", result.words());
        }
    }
}
