package io.sluice.agent.devicemapper;

import io.sluice.agent.devicemapper.MappedDevices.Mapped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names below {@code /dev/mapper}: links to the nodes that the kernel makes by itself. They are there when a device is made,
 * however slow udev is, which makes the same links.
 */
final class DeviceNodes {
    private static final Logger log = LoggerFactory.getLogger(DeviceNodes.class);

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

    /**
     * Takes away the names of our devices that are gone, left by an agent that ended in between: the kernel gives their numbers to others,
     * and those would be found under them.
     *
     * @param there asked after the names are known: what has a name by then is seen
     */
    void removeStale(Supplier<List<Mapped>> there) {
        List<Path> links = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(devices.resolve("mapper"), DeviceName.PREFIX + "*")) {
            all.forEach(links::add);
            List<Mapped> mapped = there.get();
            for (Path link : links) {
                if (Files.isSymbolicLink(link) && !leadsToItsDevice(link, mapped)) {
                    Files.deleteIfExists(link);
                    log.warn("took away the name of a device that is gone link={}", link);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            log.warn("names of devices that are gone may be left in {}: {}", devices.resolve("mapper"), e.getMessage());
        }
    }

    private static boolean leadsToItsDevice(Path link, List<Mapped> there) throws IOException {
        String name = link.getFileName().toString();
        String node = Files.readSymbolicLink(link).getFileName().toString();
        return there.stream()
                .anyMatch(device ->
                        device.name().equals(name) && device.kernelName().equals(node));
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
