package io.sluice.agent.command;

import java.util.ArrayList;
import java.util.List;

/**
 * Command lines of LVM (lvm(8)) that leave our own devices, and the disks of other hosts, alone. LVM looks for its labels on every
 * disk it sees: where a source is away such a read waits, and with it the command, and whoever wants to take the device away.
 */
public final class LvmLine {
    /** The {@code filter} of lvm.conf(5), for this command; an administrator's {@code global_filter} holds beside it. */
    static final String FILTER;

    /** Its rules: what an administrator's filter should have, too. */
    public static final String RULES =
            "\"r|^/dev/mapper/sluice-|\", \"r|^/dev/disk/by-path/.*-iscsi-iqn.2026-11.io.sluice:|\"";

    static {
        FILTER = "devices/filter=[" + RULES.replace(" ", "") + "]";
    }

    private LvmLine() {}

    public static List<String> of(String program, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(program, "--config", FILTER));
        line.addAll(arguments);
        return List.copyOf(line);
    }

    /** The line without what {@link #of} put in, to be read by people. */
    public static List<String> shown(List<String> line) {
        List<String> shown = new ArrayList<>(line);
        int config = shown.indexOf("--config");
        if (config >= 0) {
            shown.subList(config, config + 2).clear();
        }
        return List.copyOf(shown);
    }
}
