package io.sluice.agent.volume.lvm;

import io.sluice.agent.volume.lvm.LogicalVolume.Thin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what {@code lvs} and {@code vgs} print with {@code --reportformat json --units b --nosuffix} (lvmreport(7)). Pure. */
final class LvmReports {
    static final String GROUP_FIELDS = "vg_name,vg_extent_size,vg_size,vg_free";
    static final String VOLUME_FIELDS =
            GROUP_FIELDS + ",lv_name,lv_size,lv_tags,lv_permissions,pool_lv,thin_id,data_percent,"
                    + "metadata_percent,lv_kernel_major,lv_kernel_minor,segtype,zero,chunk_size,origin,lv_role";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private LvmReports() {}

    /**
     * The group as the report of its volumes tells it; null where it has none, for then that says nothing.
     *
     * @param sectors tells the logical block size of the device {@code MAJOR:MINOR}, null when there is no such device
     * @throws IllegalArgumentException when the reports are not what LVM prints
     */
    static @Nullable VolumeGroup read(String volumes, Sectors sectors) {
        List<JsonNode> rows = rows(volumes, "lv");
        // A volume of several segments has a row for each.
        Map<String, JsonNode> named = new LinkedHashMap<>();
        rows.forEach(one -> named.putIfAbsent(text(one, "lv_name"), one));
        List<LogicalVolume> found = new ArrayList<>();
        for (JsonNode one : named.values()) {
            found.add(volume(one, sectors, readsThrough(one, named)));
        }
        return rows.isEmpty() ? null : group(rows.getFirst(), found);
    }

    /** @throws IllegalArgumentException when the report is not what LVM prints */
    static VolumeGroup readEmpty(String groups) {
        List<JsonNode> rows = rows(groups, "vg");
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a report of LVM without the group");
        }
        return group(rows.getFirst(), List.of());
    }

    private static VolumeGroup group(JsonNode group, List<LogicalVolume> found) {
        return new VolumeGroup(
                text(group, "vg_name"),
                number(group, "vg_extent_size"),
                number(group, "vg_size"),
                number(group, "vg_free"),
                found);
    }

    /** Tells the logical block size of a device {@code MAJOR:MINOR}; null when there is none. */
    interface Sectors {
        @Nullable
        Integer sectorBytes(String device);
    }

    /**
     * A snapshot of a thin volume in its own pool has all its mappings, and what that one has mapped nowhere is a hole in both. An
     * external origin lies elsewhere, as a plain volume or in another pool, and so does what a snapshot of such a volume reads through
     * to. An origin that LVM does not show may be either.
     */
    private static boolean readsThrough(JsonNode volume, Map<String, JsonNode> named) {
        JsonNode from = volume;
        for (int generation = 0; generation < named.size(); generation++) {
            String origin = text(from, "origin");
            if (origin.isEmpty()) {
                return false;
            }
            from = named.get(origin);
            if (from == null
                    || !text(from, "pool_lv").equals(text(volume, "pool_lv"))
                    || words(from, "lv_role").contains(LogicalVolume.EXTERNAL_ORIGIN)) {
                return true;
            }
        }
        return true;
    }

    private static LogicalVolume volume(JsonNode row, Sectors sectors, boolean readsThrough) {
        String kind = text(row, "segtype");
        boolean active = !text(row, "lv_kernel_major").startsWith("-");
        return new LogicalVolume(
                text(row, "vg_name"),
                text(row, "lv_name"),
                number(row, "lv_size"),
                words(row, "lv_tags"),
                words(row, "lv_role"),
                text(row, "lv_permissions").startsWith("writeable"),
                active ? sectors.sectorBytes(text(row, "lv_kernel_major") + ":" + text(row, "lv_kernel_minor")) : null,
                switch (kind) {
                    case "thin" ->
                        new Thin(
                                text(row, "pool_lv"),
                                (int) number(row, "thin_id"),
                                percent(row, "data_percent"),
                                null,
                                false,
                                0,
                                readsThrough);
                    case "thin-pool" ->
                        new Thin(
                                null,
                                null,
                                percent(row, "data_percent"),
                                percent(row, "metadata_percent"),
                                text(row, "zero").equals("zero"),
                                (int) number(row, "chunk_size"),
                                false);
                    default -> null;
                });
    }

    private static List<JsonNode> rows(String report, String name) {
        try {
            List<JsonNode> rows = new ArrayList<>();
            JsonNode found = JSON.readTree(report).path("report").path(0).path(name);
            if (!found.isArray()) {
                throw new IllegalArgumentException("a report of LVM without " + name);
            }
            found.forEach(rows::add);
            return rows;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no report of LVM: " + e.getOriginalMessage(), e);
        }
    }

    private static String text(JsonNode row, String field) {
        JsonNode value = row.get(field);
        if (value == null) {
            throw new IllegalArgumentException("a report of LVM without " + field);
        }
        return value.asString();
    }

    private static Set<String> words(JsonNode row, String field) {
        String value = text(row, field);
        return value.isEmpty() ? Set.of() : Set.copyOf(List.of(value.split(",", -1)));
    }

    private static long number(JsonNode row, String field) {
        try {
            return Long.parseLong(text(row, field));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(field + " '" + text(row, field) + "' is no number", e);
        }
    }

    private static @Nullable Double percent(JsonNode row, String field) {
        String value = text(row, field);
        return value.isEmpty() ? null : Double.valueOf(value);
    }
}
