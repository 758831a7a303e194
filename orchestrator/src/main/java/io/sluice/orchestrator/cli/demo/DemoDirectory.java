package io.sluice.orchestrator.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The one folder in which a demo keeps everything: data, pools, logs. Deleted when all went well. */
record DemoDirectory(Path root) {

    static DemoDirectory create(@Nullable Path parent) {
        try {
            if (parent == null) {
                return new DemoDirectory(Files.createTempDirectory("sluice-demo-"));
            }
            Files.createDirectories(parent);
            return new DemoDirectory(
                    Files.createTempDirectory(parent, "sluice-demo-").toAbsolutePath());
        } catch (IOException e) {
            throw new DemoFailure(
                    "cannot make a folder" + (parent == null ? "" : " in " + parent) + ": " + e.getMessage()
                            + "; name another place with --directory",
                    e);
        }
    }

    /** Both copies of every volume exist for a while. */
    void requireRoom(long volumeBytes) {
        try {
            long usable = Files.getFileStore(root).getUsableSpace();
            if (usable < 2 * volumeBytes) {
                throw new DemoFailure("the demo may need " + ((2 * volumeBytes) >> 20) + " MiB, and " + root + " has "
                        + (usable >> 20) + " MiB left: name another place with --directory, or use fewer or smaller"
                        + " volumes (--volumes, --size)");
            }
        } catch (IOException e) {
            throw new DemoFailure("cannot tell how much room " + root + " has: " + e.getMessage(), e);
        }
    }

    Path worker(String name) {
        return root.resolve(name);
    }

    Path volume(String worker, String volume) {
        return worker(worker).resolve("pool").resolve(volume + ".raw");
    }

    Path original(String volume) {
        return root.resolve("originals").resolve(volume + ".sums");
    }

    Path workload(String id) {
        return root.resolve("workloads").resolve(id);
    }

    void delete() {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + root, e);
        }
    }
}
