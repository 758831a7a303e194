package io.sluice.agent.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The control groups of this host, version 2 (Documentation/admin-guide/cgroup-v2.rst). */
final class ControlGroupTree {
    private final Path root;

    ControlGroupTree(Path root) {
        this.root = root;
    }

    static ControlGroupTree ofHost() {
        return new ControlGroupTree(Path.of("/sys/fs/cgroup"));
    }

    /** The group's directory; null when there is no such group. */
    @Nullable
    Path directory(String group) {
        Path directory = root.resolve(group.startsWith("/") ? group.substring(1) : group);
        return Files.exists(directory.resolve("cgroup.procs")) ? directory : null;
    }

    /** Whether a process is in the group or below it; one that is gone has none. */
    boolean populated(String group) {
        Path directory = directory(group);
        if (directory == null) {
            return false;
        }
        try {
            return Files.readAllLines(directory.resolve("cgroup.events")).contains("populated 1");
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at control group " + directory, e);
        }
    }
}
