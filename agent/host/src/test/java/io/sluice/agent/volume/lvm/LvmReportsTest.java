package io.sluice.agent.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reports as LVM 2.03.16 of Debian 12 printed them. */
class LvmReportsTest {
    private static final String GROUPS = """
              {
                  "report": [
                      {
                          "vg": [
                              {"vg_name":"vg0", "vg_extent_size":"4194304", "vg_size":"532676608", "vg_free":"356515840"}
                          ]
                      }
                  ]
              }
            """;
    private static final String VOLUMES = """
              {
                  "report": [
                      {
                          "lv": [
                              {"vg_name":"vg0", "vg_extent_size":"4194304", "vg_size":"532676608", "vg_free":"356515840", "lv_name":"orders-data+3", "lv_size":"67108864", "lv_tags":"sluice,x", "lv_permissions":"read-only", "pool_lv":"pool", "thin_id":"1", "data_percent":"0.29", "metadata_percent":"", "lv_kernel_major":"254", "lv_kernel_minor":"4", "segtype":"thin", "zero":"zero", "chunk_size":"0", "origin":"", "lv_role":"public"},
                              {"vg_name":"vg0", "vg_extent_size":"4194304", "vg_size":"532676608", "vg_free":"356515840", "lv_name":"plain", "lv_size":"33554432", "lv_tags":"", "lv_permissions":"writeable", "pool_lv":"", "thin_id":"", "data_percent":"", "metadata_percent":"", "lv_kernel_major":"-1", "lv_kernel_minor":"-1", "segtype":"linear", "zero":"unknown", "chunk_size":"0", "origin":"", "lv_role":"public"},
                              {"vg_name":"vg0", "vg_extent_size":"4194304", "vg_size":"532676608", "vg_free":"356515840", "lv_name":"pool", "lv_size":"134217728", "lv_tags":"", "lv_permissions":"writeable", "pool_lv":"", "thin_id":"", "data_percent":"0.10", "metadata_percent":"10.94", "lv_kernel_major":"254", "lv_kernel_minor":"2", "segtype":"thin-pool", "zero":"zero", "chunk_size":"65536", "origin":"", "lv_role":"private"}
                          ]
                      }
                  ]
              }
            """;

    @Test
    void groupAndVolumesAreReadWithEverythingThatMatters() {
        VolumeGroup group =
                Objects.requireNonNull(LvmReports.read(VOLUMES, device -> device.equals("254:4") ? 4096 : 512));

        assertThat(group.name()).isEqualTo("vg0");
        assertThat(group.extentBytes()).isEqualTo(4 << 20);
        assertThat(group.freeBytes()).isEqualTo(356515840);
        assertThat(group.find("orders-data+3"))
                .isEqualTo(new LogicalVolume(
                        "vg0",
                        "orders-data+3",
                        64 << 20,
                        Set.of("sluice", "x"),
                        Set.of("public"),
                        false,
                        4096,
                        new LogicalVolume.Thin("pool", 1, 0.29, null, false, 0, false)));
        LogicalVolume plain = Objects.requireNonNull(group.find("plain"));
        assertThat(plain.active()).isFalse();
        assertThat(plain.thin()).isNull();
        assertThat(Objects.requireNonNull(group.find("pool")).thin())
                .isEqualTo(new LogicalVolume.Thin(null, null, 0.10, 10.94, true, 65536, false));
    }

    @Test
    void whatAVolumeReadsThroughToIsFoundBehindItsOriginsToo() {
        VolumeGroup group = Objects.requireNonNull(LvmReports.read(
                "{\"report\": [{\"lv\": ["
                        + String.join(
                                ",",
                                row("img", "", "linear", "", "public,origin,extthinorigin,multiextthinorigin"),
                                row("ext1", "pool", "thin", "img", "public,origin,thinorigin,snapshot,thinsnapshot"),
                                row("ext2", "pool", "thin", "ext1", "public,snapshot,thinsnapshot"),
                                row("t1", "pool", "thin", "", "public,origin,thinorigin"),
                                row("t2", "pool", "thin", "t1", "public,snapshot,thinsnapshot"),
                                row("gone", "pool", "thin", "[hidden]", "public,snapshot,thinsnapshot"))
                        + "]}]}",
                device -> 512));

        assertThat(group.volumes())
                .filteredOn(volume -> volume.thin() != null && volume.thin().readsThrough())
                .extracting(LogicalVolume::name)
                .containsExactly("ext1", "ext2", "gone");
    }

    private static String row(String name, String pool, String kind, String origin, String role) {
        return """
                {"vg_name":"vg0", "vg_extent_size":"4194304", "vg_size":"532676608", "vg_free":"356515840", "lv_name":"%s", "lv_size":"16777216", "lv_tags":"", "lv_permissions":"writeable", "pool_lv":"%s", "thin_id":"2", "data_percent":"0.00", "metadata_percent":"", "lv_kernel_major":"254", "lv_kernel_minor":"4", "segtype":"%s", "zero":"zero", "chunk_size":"0", "origin":"%s", "lv_role":"%s"}
                """.formatted(name, pool, kind, origin, role);
    }

    @Test
    void aVolumeOfSeveralSegmentsIsOneVolume() {
        String row = VOLUMES.lines()
                .filter(line -> line.contains("\"lv_name\":\"plain\""))
                .findFirst()
                .orElseThrow();
        VolumeGroup group = Objects.requireNonNull(LvmReports.read(VOLUMES.replace(row, row + row), device -> 512));

        assertThat(group.volumes())
                .extracting(LogicalVolume::name)
                .containsExactlyInAnyOrder("orders-data+3", "plain", "pool");
    }

    @Test
    void aGroupWithoutVolumesIsToldByItsOwnReport() {
        assertThat(LvmReports.read("{\"report\": [{\"lv\": []}]}", device -> 512))
                .isNull();
        assertThat(LvmReports.readEmpty(GROUPS))
                .isEqualTo(new VolumeGroup("vg0", 4 << 20, 532676608, 356515840, List.of()));
    }

    @Test
    void whatIsNoReportIsNotTakenForAnEmptyOne() {
        for (String report : List.of("{\"report\": [{\"lv\": [{\"vg_name\":\"vg0\"}]}]}", "error", "{}")) {
            assertThatThrownBy(() -> LvmReports.read(report, device -> 512))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> LvmReports.readEmpty(report)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
