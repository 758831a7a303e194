package io.sluice.agent.devicemapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The names below {@code /dev/mapper}: links to the nodes that the kernel makes by itself. They are there when a device is made,
 * however slow udev is, which makes the same links.
 */
final class DeviceNodes {
    private final Path devices;
    private final Path mounts;

    /**
     * @param devices {@code /dev}
     * @param mounts {@code /proc/mounts}
     */
    DeviceNodes(Path devices, Path mounts) {
        this.devices = devices;
        this.mounts = mounts;
    }

    /** Whether the kernel makes nodes in {@code /dev}: in a container nobody may. */
    boolean areMadeByTheKernel() {
        try {
            return Files.readAllLines(mounts).stream().anyMatch(line -> line.matches("\\S+ /dev devtmpfs .*"));
        } catch (IOException e) {
            return false;
        }
    }

    void make(DeviceName name, int minor) {
        Path node = devices.resolve("dm-" + minor);
        Path link = devices.resolve("mapper").resolve(name.value());
        Path target = Path.of("..", "dm-" + minor);
        try {
            if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
                return;
            }
            if (!Files.exists(node)) {
                throw new IOException("the kernel has made no " + node);
            }
            Path draft = link.resolveSibling("." + name.value() + ".new");
            Files.deleteIfExists(draft);
            Files.createSymbolicLink(draft, target);
            Files.move(draft, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot name device " + name, e);
        }
    }

    /** Harmless when it is gone. */
    void remove(DeviceName name) {
        try {
            Files.deleteIfExists(devices.resolve("mapper").resolve(name.value()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot take away the name of device " + name, e);
        }
    }
}
