package io.sluice.agent.volume.lvm;

import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.testing.ScriptedCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A volume group as LVM 2.03 keeps it, behind scripted commands: what it prints and where it refuses is as seen there. */
final class FakeLvm implements Blocks {
    static final long EXTENT = 4L << 20;
    static final String GROUP = "vg0";

    static final class Row {
        long sizeBytes;
        final Set<String> tags = new TreeSet<>();
        boolean writable = true;
        boolean active = true;
        String pool = "";
        String kind = "linear";
        String dataPercent = "";
        String metadataPercent = "";
        String zero = "unknown";
        String origin = "";
        String role = "public";
        /** What the kernel has it read through to; empty for nothing. */
        String external = "";
    }

    final ScriptedCommands commands = new ScriptedCommands();
    final Map<String, Row> volumes = new LinkedHashMap<>();
    final List<String> zeroed = new ArrayList<>();
    final List<String> flushed = new ArrayList<>();
    final Set<String> forbidden = new TreeSet<>();
    /** Whether the kernel lets itself be told. */
    boolean forbids = true;

    int sectorBytes = 512;
    long groupBytes = 64 * EXTENT;
    /** What happens in the middle of zeroing. */
    Runnable whileZeroing = () -> {};
    /** What happens between the next look and whoever reads its outcome. */
    Runnable afterLooking = () -> {};

    FakeLvm() {
        commands.simulate("vgs", this::vgs);
        commands.simulate("lvs", command -> lvs());
        commands.simulate("lvcreate", this::lvcreate);
        commands.simulate("lvchange", this::lvchange);
        commands.simulate("lvrename", this::lvrename);
        commands.simulate("lvremove", this::lvremove);
        commands.simulate("dmsetup table", this::table);
    }

    /** A thin pool called {@code pool}. */
    Row withThinPool(long sizeBytes) {
        Row pool = new Row();
        pool.kind = "thin-pool";
        pool.sizeBytes = sizeBytes;
        pool.zero = "zero";
        pool.dataPercent = "0.00";
        pool.metadataPercent = "10.94";
        volumes.put("pool", pool);
        return pool;
    }

    /** A volume the operator has made. */
    Row with(String name, String thinPool, long sizeBytes, String... tags) {
        Row row = new Row();
        row.sizeBytes = sizeBytes;
        row.pool = thinPool;
        row.kind = thinPool.isEmpty() ? "linear" : "thin";
        row.dataPercent = thinPool.isEmpty() ? "" : "25.00";
        row.tags.addAll(List.of(tags));
        volumes.put(name, row);
        return row;
    }

    long freeBytes() {
        return groupBytes
                - volumes.values().stream()
                        .filter(row -> !row.kind.equals("thin"))
                        .mapToLong(row -> row.sizeBytes)
                        .sum();
    }

    @Override
    public @Nullable Integer sectorBytes(String device) {
        return sectorBytes;
    }

    @Override
    public void flush(Path device) {
        flushed.add(device.toString());
    }

    Row row(String name) {
        return Objects.requireNonNull(volumes.get(name), name);
    }

    /** Whether anybody could write to the device now. */
    boolean takesWrites(String name) {
        return row(name).writable && !forbidden.contains("/dev/vg0/" + name);
    }

    @Override
    public boolean forbidWrites(Path device) {
        if (forbids) {
            forbidden.add(device.toString());
        }
        return forbids;
    }

    @Override
    public void allowWrites(Path device) {
        forbidden.remove(device.toString());
    }

    /** What the kernel alone knows is gone. */
    void reboot() {
        forbidden.clear();
    }

    @Override
    public void zero(Path device, LongConsumer done) {
        done.accept(EXTENT);
        whileZeroing.run();
        zeroed.add(device.toString());
    }

    private CommandResult vgs(Command command) {
        if (!command.arguments().getLast().equals(GROUP)) {
            return failed("Volume group \"" + command.arguments().getLast() + "\" not found");
        }
        return printed(
                "vg",
                List.of("\"vg_name\":\"%s\", \"vg_extent_size\":\"%d\", \"vg_size\":\"%d\", \"vg_free\":\"%d\""
                        .formatted(GROUP, EXTENT, groupBytes, freeBytes())));
    }

    /** After a test had it fail. */
    void answersAgain() {
        commands.simulate("lvs", command -> lvs());
    }

    private CommandResult lvs() {
        List<String> rows = new ArrayList<>();
        volumes.forEach((name, row) ->
                rows.add(("\"vg_name\":\"%s\", \"vg_extent_size\":\"%d\", \"vg_size\":\"%d\", \"vg_free\":\"%d\","
                                + " \"lv_name\":\"%s\", \"lv_size\":\"%d\", \"lv_tags\":\"%s\","
                                + " \"lv_permissions\":\"%s\", \"pool_lv\":\"%s\", \"thin_id\":\"%s\", \"data_percent\":\"%s\","
                                + " \"metadata_percent\":\"%s\", \"lv_kernel_major\":\"%s\", \"lv_kernel_minor\":\"%s\","
                                + " \"segtype\":\"%s\", \"zero\":\"%s\", \"chunk_size\":\"%s\", \"origin\":\"%s\", \"lv_role\":\"%s\"")
                        .formatted(
                                GROUP,
                                EXTENT,
                                groupBytes,
                                freeBytes(),
                                name,
                                row.sizeBytes,
                                String.join(",", row.tags),
                                row.writable ? "writeable" : "read-only",
                                row.pool,
                                row.kind.equals("thin") ? "7" : "",
                                row.active ? row.dataPercent : "",
                                row.active ? row.metadataPercent : "",
                                row.active ? "254" : "-1",
                                row.active ? "4" : "-1",
                                row.kind,
                                row.zero,
                                row.kind.equals("thin-pool") ? "65536" : "0",
                                row.origin,
                                row.role)));
        CommandResult looked = printed("lv", rows);
        Runnable then = afterLooking;
        afterLooking = () -> {};
        then.run();
        return looked;
    }

    private static CommandResult printed(String kind, List<String> rows) {
        return new CommandResult.Exited(
                0,
                "{\"report\": [{\"" + kind + "\": ["
                        + rows.stream().map(row -> "{" + row + "}").collect(Collectors.joining(",\n")) + "]}]}",
                "");
    }

    private CommandResult table(Command command) {
        Row row = volumes.get(command.arguments().getLast().substring(GROUP.length() + 1));
        if (row == null) {
            return failed("Device does not exist.");
        }
        String target = row.kind.equals("thin") ? "thin 254:2 7 " + row.external : "linear 8:0 2048";
        return new CommandResult.Exited(0, "0 " + row.sizeBytes / 512 + " " + target.strip() + "\n", "");
    }

    private CommandResult lvcreate(Command command) {
        Options options = new Options(command);
        String name = options.value("--name");
        if (volumes.containsKey(name)) {
            return failed("Logical Volume \"" + name + "\" already exists in volume group \"vg0\"");
        }
        boolean thin = options.has("--thinpool");
        long size =
                Long.parseLong(options.value(thin ? "--virtualsize" : "--size").replace("b", ""));
        if (size % EXTENT != 0) {
            throw new AssertionError("LVM would round " + size + " bytes up");
        }
        if (!thin && size > freeBytes()) {
            return failed("Volume group \"vg0\" has insufficient free space");
        }
        Row row = with(name, thin ? options.value("--thinpool") : "", size);
        row.dataPercent = thin ? "0.00" : "";
        row.tags.addAll(options.values("--addtag"));
        return done();
    }

    private CommandResult lvchange(Command command) {
        Options options = new Options(command);
        Row row = volumes.get(options.volume());
        if (row == null) {
            return failed(
                    "Failed to find logical volume \"" + command.arguments().getLast() + "\"");
        }
        if (options.has("--permission")) {
            boolean writable = options.value("--permission").equals("rw");
            if (writable == row.writable) {
                return failed("Logical volume is already " + (writable ? "writable" : "read only") + ".");
            }
            row.writable = writable;
        }
        row.tags.removeAll(options.values("--deltag"));
        row.tags.addAll(options.values("--addtag"));
        row.active |= options.has("--activate");
        return done();
    }

    private CommandResult lvrename(Command command) {
        String from = command.arguments().get(command.arguments().size() - 2);
        String to = command.arguments().getLast();
        Row row = volumes.get(from);
        if (row == null || volumes.containsKey(to)) {
            return failed("Existing logical volume \"" + from + "\" not found, or \"" + to + "\" exists");
        }
        volumes.remove(from);
        volumes.put(to, row);
        return done();
    }

    private CommandResult lvremove(Command command) {
        Options options = new Options(command);
        Row row = volumes.get(options.volume());
        if (row == null) {
            return failed("Failed to find logical volume");
        }
        boolean selected = !options.has("--select")
                || row.tags.contains(options.value("--select").substring("lv_tags=".length()));
        if (selected) {
            volumes.remove(options.volume());
        }
        return done();
    }

    /** What thin_dump prints goes into the file it is given. */
    void dumps(String xml) {
        commands.exits("dmsetup message", 0);
        commands.simulate("thin_dump", command -> {
            if (command.output() instanceof Command.Output.ToFile to) {
                try {
                    Files.writeString(to.file(), xml);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return done();
        });
    }

    private static CommandResult done() {
        return new CommandResult.Exited(0, "", "");
    }

    private static CommandResult failed(String errors) {
        return new CommandResult.Exited(5, "", errors);
    }

    private record Options(Command command) {
        boolean has(String option) {
            return command.arguments().contains(option);
        }

        String value(String option) {
            return values(option).getFirst();
        }

        List<String> values(String option) {
            List<String> values = new ArrayList<>();
            List<String> arguments = command.arguments();
            for (int i = 0; i < arguments.size() - 1; i++) {
                if (arguments.get(i).equals(option)) {
                    values.add(arguments.get(i + 1));
                }
            }
            return values;
        }

        String volume() {
            return command.arguments().getLast().substring(GROUP.length() + 1);
        }
    }
}
