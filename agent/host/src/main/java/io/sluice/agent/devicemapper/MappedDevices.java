package io.sluice.agent.devicemapper;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.reconcile.HostActionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The devices there are, read from {@code /sys} without running a program: cheap enough to be asked before every action. */
public final class MappedDevices {
    private final Path block;

    /**
     * One device.
     *
     * @param kernelName {@code dm-5} and the like
     * @param number {@code major:minor}
     * @param sizeBytes 0 while no table is in force: such a one was left by a program that ended halfway
     * @param below kernel names of what its table names
     */
    public record Mapped(
            String name, String kernelName, String number, long sizeBytes, boolean suspended, List<String> below) {
        public Mapped {
            below = List.copyOf(below);
        }

        public boolean hasTable() {
            return sizeBytes > 0;
        }
    }

    /** @param sysfs {@code /sys} */
    public MappedDevices(Path sysfs) {
        this.block = sysfs.resolve("block");
    }

    public List<Mapped> list() {
        List<Mapped> found = new ArrayList<>();
        for (Path device : children(block, "dm-*")) {
            String name = read(device.resolve("dm/name"));
            Mapped mapped = name == null ? null : mapped(device, name);
            if (mapped != null) {
                found.add(mapped);
            }
        }
        return found;
    }

    /** Null when there is no such device. */
    public @Nullable Mapped find(DeviceName name) {
        for (Path device : children(block, "dm-*")) {
            if (name.value().equals(read(device.resolve("dm/name")))) {
                return mapped(device, name.value());
            }
        }
        return null;
    }

    private static @Nullable Mapped mapped(Path device, String name) {
        String number = read(device.resolve("dev"));
        String sectors = read(device.resolve("size"));
        String suspended = read(device.resolve("dm/suspended"));
        if (number == null || sectors == null || suspended == null) {
            return null;
        }
        return new Mapped(
                name,
                device.getFileName().toString(),
                number,
                Long.parseLong(sectors) * Table.SECTOR_BYTES,
                suspended.equals("1"),
                children(device.resolve("slaves"), "*").stream()
                        .map(below -> below.getFileName().toString())
                        .toList());
    }

    /**
     * From now on the device takes no discards, until its table changes; nor does a device that is made on it from the start, until
     * its own table changes. Harmless when it takes none anyway.
     */
    public void refuseDiscards(Mapped device) {
        if (!takesDiscards(device)) {
            return;
        }
        Path limit = discardLimit(device);
        try {
            Files.writeString(limit, "0");
        } catch (IOException e) {
            throw discardsNotRefused(device, "cannot write " + limit + ": " + e.getMessage());
        }
        if (takesDiscards(device)) {
            throw discardsNotRefused(device, limit + " was set to 0 but says " + read(limit));
        }
    }

    /** Whether the kernel lets discards of the device through; so it is taken where that cannot be known. */
    public boolean takesDiscards(Mapped device) {
        return !"0".equals(read(discardLimit(device)));
    }

    private Path discardLimit(Mapped device) {
        return block.resolve(device.kernelName()).resolve("queue/discard_max_bytes");
    }

    private static HostActionException discardsNotRefused(Mapped device, String words) {
        return new HostActionException(
                "DISCARDS_NOT_REFUSED",
                FailureKind.RETRY,
                "device " + device.name() + " must take no discards while its volume is being copied, but " + words
                        + "; it is tried again: see that /sys can be written by the agent");
    }

    /** What a device is called, by its name in the kernel; null when it is no mapped device, or gone. */
    public @Nullable String nameOf(String kernelName) {
        return read(block.resolve(kernelName).resolve("dm/name"));
    }

    private static List<Path> children(Path directory, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
        return found;
    }

    private static @Nullable String read(Path attribute) {
        try {
            return Files.readString(attribute).strip();
        } catch (IOException e) {
            // It has gone since it was listed.
            return null;
        }
    }
}
