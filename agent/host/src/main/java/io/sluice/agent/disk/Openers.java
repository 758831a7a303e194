package io.sluice.agent.disk;

import io.sluice.agent.devicemapper.MappedDevices.Mapped;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who has a device open, as far as {@code /proc} tells; for a message, so it is enough to name some. */
final class Openers {
    private static final int MOST_NAMED = 5;

    private final Path proc;

    Openers(Path proc) {
        this.proc = proc;
    }

    /** In words; "somebody unknown" where nothing tells. */
    String of(Mapped device) {
        List<String> named = new ArrayList<>(mounts(device.number()));
        if (named.size() < MOST_NAMED) {
            named.addAll(processes(device));
        }
        return named.isEmpty()
                ? "somebody unknown"
                : String.join(", ", named.subList(0, Math.min(MOST_NAMED, named.size())));
    }

    /** {@code proc_pid_mountinfo(5)}: the third word is the device, the fifth the mount point. */
    private List<String> mounts(String number) {
        List<String> found = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(proc.resolve("self/mountinfo"))) {
                List<String> words = List.of(line.split(" ", -1));
                if (words.size() > 4 && words.get(2).equals(number)) {
                    found.add("mounted on " + words.get(4));
                }
            }
        } catch (IOException e) {
            // Then the message names processes alone.
            return found;
        }
        return found;
    }

    private List<String> processes(Mapped device) {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : all) {
                if (found.size() < MOST_NAMED && hasOpen(process, device)) {
                    found.add("process " + process.getFileName() + " (" + nameOf(process) + ")");
                }
            }
        } catch (IOException e) {
            // Then the message names mounts alone.
            return found;
        }
        return found;
    }

    private static boolean hasOpen(Path process, Mapped device) {
        List<String> paths = List.of("/dev/mapper/" + device.name(), "/dev/" + device.kernelName());
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path one : open) {
                if (Files.isSymbolicLink(one)
                        && paths.contains(Files.readSymbolicLink(one).toString())) {
                    return true;
                }
            }
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
        return false;
    }

    private static String nameOf(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "ended";
        }
    }
}
