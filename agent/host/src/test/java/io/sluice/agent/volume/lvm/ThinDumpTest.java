package io.sluice.agent.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.iscsi.block.Extent;
import org.junit.jupiter.api.Test;

/** What is not known to be a hole is none. */
class ThinDumpTest {
    private static final int CHUNK = 65536;
    private static final String BEGIN =
            "<superblock uuid=\"\" time=\"0\" transaction=\"1\" version=\"2\" data_block_size=\"128\" nr_data_blocks=\"0\">\n";
    private static final String END = "</superblock>\n";

    private static String volume(int id, int mapped, String content) {
        return "  <device dev_id=\"" + id + "\" mapped_blocks=\"" + mapped + "\" transaction=\"0\">\n" + content
                + "  </device>\n";
    }

    @Test
    void mappingsThatVolumesShareAreTheVolumesToo() {
        String shared = """
                  <def name="9">
                    <range_mapping origin_begin="2" data_begin="0" length="2" time="0"/>
                  </def>
                """;
        String own = volume(
                7, 3, "    <ref name=\"9\"/>\n    <single_mapping origin_block=\"8\" data_block=\"3\" time=\"1\"/>\n");

        assertThat(ThinDump.read(7, (BEGIN + shared + own + END).lines()).extentAt(2 * CHUNK, 10 * CHUNK))
                .isEqualTo(new Extent(2 * CHUNK, 2 * CHUNK, true));
    }

    @Test
    void aVolumeThatIsNotInTheDumpIsNotAHoleAsAWhole() {
        assertThatThrownBy(() -> ThinDump.read(7, (BEGIN + END).lines())).hasMessageContaining("not in it");
        assertThatThrownBy(() -> ThinDump.read(7, (BEGIN + volume(77, 0, "") + END).lines()))
                .hasMessageContaining("not in it");
        assertThat(ThinDump.read(7, (BEGIN + volume(7, 0, "") + END).lines()).allocatedBytes())
                .isZero();
    }

    @Test
    void fewerMappingsThanTheVolumeHasAreNotTaken() {
        String own = volume(
                7, 3, "    <ref name=\"9\"/>\n    <single_mapping origin_block=\"8\" data_block=\"3\" time=\"1\"/>\n");

        assertThatThrownBy(() -> ThinDump.read(7, (BEGIN + own + END).lines()))
                .hasMessageContaining("1 of 3 mapped chunks");
    }
}
