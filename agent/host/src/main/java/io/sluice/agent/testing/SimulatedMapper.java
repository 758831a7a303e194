package io.sluice.agent.testing;

import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.CommandResult.Exited;
import io.sluice.agent.devicemapper.CloneTable;
import io.sluice.agent.devicemapper.EraTable;
import io.sluice.agent.devicemapper.LinearTable;
import io.sluice.agent.devicemapper.MultipathTable;
import io.sluice.agent.devicemapper.OtherTable;
import io.sluice.agent.devicemapper.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's device mapper as {@code dmsetup} shows it, for {@link ScriptedCommands#simulate}: devices with a live and a
 * loaded table, suspended or not, busy while something is on them. Mirrors them in a directory laid out like {@code /sys}.
 * Devices live longer than an agent; {@link #reboot} ends them. For many threads.
 */
public final class SimulatedMapper {
    private static final int MAJOR = 253;

    private final Path sysfs;
    private final Map<String, Device> devices = new TreeMap<>();
    private final Map<String, String> otherDisks = new LinkedHashMap<>();
    private final Map<String, String> statuses = new LinkedHashMap<>();
    private final List<String> messages = new ArrayList<>();
    private int nextMinor;
    private int creates;
    private int diesInCreate = -1;
    private int diesAfterCalls;

    private static final class Device {
        final int minor;

        @Nullable
        Table live;

        @Nullable
        Table loaded;

        boolean suspended;
        int openers;
        final String uuid;

        Device(int minor, String uuid) {
            this.minor = minor;
            this.uuid = uuid;
        }
    }

    /** @param sysfs an empty directory to mirror the devices in */
    public SimulatedMapper(Path sysfs) {
        this.sysfs = sysfs;
    }

    /** Another disk that tables may name, by path and by number, with its name in the kernel. */
    public void addDisk(String kernelName, String number, Path path) {
        otherDisks.put(number, kernelName);
        otherDisks.put(path.toString(), kernelName);
    }

    /** What a device says of itself from now on, without the line's first two numbers. */
    public synchronized void status(String device, String words) {
        statuses.put(device, words);
    }

    /** Somebody opens the device, or closes it. */
    public synchronized void open(String device) {
        require(device).openers++;
    }

    public synchronized void close(String device) {
        require(device).openers--;
    }

    /** The table in force; null when there is none, or no such device. */
    public synchronized @Nullable Table live(String device) {
        Device found = devices.get(device);
        return found == null ? null : found.live;
    }

    public synchronized boolean isSuspended(String device) {
        return require(device).suspended;
    }

    public synchronized String number(String device) {
        return MAJOR + ":" + require(device).minor;
    }

    public synchronized List<String> devices() {
        return List.copyOf(devices.keySet());
    }

    /** Each as the device's name and the message. */
    public synchronized List<String> messages() {
        return List.copyOf(messages);
    }

    public synchronized void reboot() {
        List.copyOf(devices.keySet()).forEach(this::forget);
    }

    /** How many devices were to be made so far. */
    public int creates() {
        return creates;
    }

    /**
     * Whoever makes a device ends between two of the calls of the kernel that it takes, and leaves a device without a table in force.
     *
     * @param create which device, counted from 0 over all so far
     * @param calls how many of its three calls are made, 1 or 2
     */
    public void dieWithin(int create, int calls) {
        diesInCreate = create;
        diesAfterCalls = calls;
    }

    /** One run of {@code dmsetup}. */
    public synchronized CommandResult run(Command command) {
        List<String> words = command.arguments().stream()
                .skip(1)
                .filter(word -> !word.startsWith("--") || word.equals("--table") || word.equals("--notable"))
                .toList();
        String verb = words.getFirst();
        if (verb.equals("targets")) {
            return printed("linear v1.4.0\nmultipath v1.14.0\nclone v1.0.0\nera v1.0.0\n");
        }
        String name = verb.equals("info") ? words.getLast() : nameIn(verb, words);
        if (verb.equals("create")) {
            return create(name, command.arguments());
        }
        Device device = devices.get(name);
        if (device == null) {
            return failed("Device " + name + " not found");
        }
        return switch (verb) {
            case "info" -> info(device, command.arguments());
            case "table" -> printed(device.live == null ? "" : device.live.line() + "\n");
            case "status" -> printed(status(name, device));
            case "load" -> load(name, device, command.arguments());
            case "clear" -> clear(name, device);
            case "suspend" -> suspend(name, device);
            case "resume" -> resume(name, device);
            case "remove" -> remove(name, device);
            case "message" -> message(name, words);
            case "wait" -> printed("");
            default -> failed("unknown verb " + verb);
        };
    }

    private static String nameIn(String verb, List<String> words) {
        int index = words.indexOf(verb) + 1;
        return words.get(index);
    }

    /** Three calls of the kernel; newer ones show nothing of the device in sysfs before the second (dm_setup_md_queue). */
    private CommandResult create(String name, List<String> arguments) {
        int number = creates;
        creates++;
        if (devices.containsKey(name)) {
            return failed("device-mapper: create ioctl on " + name + " failed: Device or resource busy");
        }
        Device device = new Device(nextMinor, arguments.get(arguments.indexOf("--uuid") + 1));
        nextMinor++;
        devices.put(name, device);
        dieIfDue(number, 1);
        if (arguments.contains("--notable")) {
            mirror(name, device);
            return printed("");
        }
        CommandResult loaded = load(name, device, arguments);
        if (!loaded.succeeded()) {
            forget(name);
            return loaded;
        }
        dieIfDue(number, 2);
        return resume(name, device);
    }

    private void dieIfDue(int create, int calls) {
        if (create == diesInCreate && calls == diesAfterCalls) {
            diesInCreate = -1;
            throw new ScriptedCommands.Died("call " + calls + " of making device " + create);
        }
    }

    private CommandResult info(Device device, List<String> arguments) {
        if (arguments.contains("events")) {
            return printed("0\n");
        }
        String attributes = (device.live == null ? "-" : "L")
                + (device.loaded == null ? "-" : "I")
                + (device.suspended ? "s" : "-")
                + "w";
        return printed(MAJOR + " " + device.minor + " " + openCount(device) + " " + attributes + "\n");
    }

    private int openCount(Device device) {
        long above = devices.values().stream()
                .filter(other -> below(other).contains("dm-" + device.minor))
                .count();
        return device.openers + (int) above;
    }

    private String status(String name, Device device) {
        Table live = device.live;
        if (live == null) {
            return "";
        }
        String given = statuses.get(name);
        return "0 " + live.sectors() + " " + (given == null ? ordinary(live) : given) + "\n";
    }

    private static String ordinary(Table live) {
        if (live instanceof MultipathTable map) {
            return map.path() == null
                    ? "multipath 2 0 0 0 0 0"
                    : "multipath 2 0 0 0 1 1 A 0 1 0 " + map.path() + " A 0";
        }
        return live.words().getFirst();
    }

    private CommandResult load(String name, Device device, List<String> arguments) {
        Table table = Table.parse(arguments.get(arguments.indexOf("--table") + 1));
        for (String named : named(table)) {
            if (kernelName(named) == null) {
                return failed("device-mapper: reload ioctl failed: No such device or address: " + named);
            }
        }
        device.loaded = table;
        mirror(name, device);
        return printed("");
    }

    private CommandResult clear(String name, Device device) {
        device.loaded = null;
        mirror(name, device);
        return printed("");
    }

    private CommandResult suspend(String name, Device device) {
        device.suspended = true;
        mirror(name, device);
        return printed("");
    }

    private CommandResult resume(String name, Device device) {
        boolean changed = device.loaded != null;
        if (changed) {
            forgetStatusOfAnotherTarget(name, device);
            device.live = device.loaded;
            device.loaded = null;
        }
        device.suspended = false;
        mirror(name, device);
        if (changed) {
            limitDiscards(device);
        }
        return printed("");
    }

    private void forgetStatusOfAnotherTarget(String name, Device device) {
        Table before = device.live;
        Table next = device.loaded;
        if (before != null && next != null && !before.getClass().equals(next.getClass())) {
            statuses.remove(name);
        }
    }

    private CommandResult remove(String name, Device device) {
        if (openCount(device) > 0) {
            return failed("device-mapper: remove ioctl on " + name + "  failed: Device or resource busy");
        }
        forget(name);
        return printed("");
    }

    private CommandResult message(String name, List<String> words) {
        messages.add(name + ": " + String.join(" ", words.subList(3, words.size())));
        return printed("");
    }

    private static List<String> named(Table table) {
        return switch (table) {
            case LinearTable linear -> List.of(linear.device());
            case EraTable era -> List.of(era.metadata(), era.origin());
            case CloneTable clone -> List.of(clone.metadata(), clone.destination(), clone.source());
            case MultipathTable map -> map.path() == null ? List.of() : List.of(map.path());
            case OtherTable other -> List.of();
        };
    }

    private List<String> diskNames(Table table) {
        List<String> names = new ArrayList<>();
        for (String named : named(table)) {
            String name = kernelName(named);
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    /** What a table names is held from when it is loaded. */
    private List<String> below(Device device) {
        List<String> names = new ArrayList<>();
        Table live = device.live;
        if (live != null) {
            names.addAll(diskNames(live));
        }
        Table loaded = device.loaded;
        if (loaded != null) {
            names.addAll(diskNames(loaded));
        }
        return names.stream().distinct().toList();
    }

    private @Nullable String kernelName(String named) {
        for (Map.Entry<String, Device> device : devices.entrySet()) {
            int minor = device.getValue().minor;
            if (named.equals("/dev/mapper/" + device.getKey()) || named.equals(MAJOR + ":" + minor)) {
                return "dm-" + minor;
            }
        }
        return otherDisks.get(named);
    }

    private Device require(String name) {
        Device device = devices.get(name);
        if (device == null) {
            throw new IllegalStateException("no device " + name);
        }
        return device;
    }

    private void mirror(String name, Device device) {
        Path block = sysfs.resolve("block/dm-" + device.minor);
        try {
            Files.createDirectories(block.resolve("dm"));
            Files.writeString(block.resolve("dm/name"), name + "\n");
            Files.writeString(block.resolve("dm/uuid"), device.uuid + "\n");
            Files.writeString(block.resolve("dm/suspended"), (device.suspended ? "1" : "0") + "\n");
            Files.writeString(block.resolve("dev"), MAJOR + ":" + device.minor + "\n");
            deleteTree(block.resolve("slaves"));
            Files.createDirectories(block.resolve("slaves"));
            Files.createDirectories(block.resolve("queue"));
            Table live = device.live;
            Files.writeString(block.resolve("size"), (live == null ? 0 : live.sectors()) + "\n");
            for (String slave : below(device)) {
                Files.createDirectories(block.resolve("slaves").resolve(slave));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot mirror " + name + " in " + block, e);
        }
    }

    /** As a table comes into force: what lies on a device that takes no discards takes none either (dm_table_supports_discards). */
    private void limitDiscards(Device device) {
        Table live = Objects.requireNonNull(device.live);
        boolean refused =
                !(live instanceof CloneTable) && diskNames(live).stream().anyMatch(this::refusesDiscards);
        try {
            Files.writeString(discardLimit("dm-" + device.minor), refused ? "0\n" : "4294966784\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot mirror the limits of dm-" + device.minor, e);
        }
    }

    private boolean refusesDiscards(String kernelName) {
        try {
            Path limit = discardLimit(kernelName);
            return Files.isRegularFile(limit) && Files.readString(limit).strip().equals("0");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the limits of " + kernelName, e);
        }
    }

    private Path discardLimit(String kernelName) {
        return sysfs.resolve("block").resolve(kernelName).resolve("queue/discard_max_bytes");
    }

    private void forget(String name) {
        Device device = require(name);
        devices.remove(name);
        statuses.remove(name);
        try {
            deleteTree(sysfs.resolve("block/dm-" + device.minor));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot take " + name + " out of " + sysfs, e);
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var found = Files.walk(directory)) {
            for (Path file : found.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }

    private static CommandResult printed(String output) {
        return new Exited(0, output, "");
    }

    private static CommandResult failed(String errors) {
        return new Exited(1, "", errors + "\nCommand failed.");
    }
}
