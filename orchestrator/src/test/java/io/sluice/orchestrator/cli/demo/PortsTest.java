package io.sluice.orchestrator.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {
    /** Linux's own default begins at 32768; a range that began below 1024 would leave nothing to listen on. */
    @Test
    void noneLiesWhereTheKernelTakesThemForConnectionsThatGoOut() throws IOException {
        assertThat(Ports.firstOutgoing()).isGreaterThanOrEqualTo(1024);

        List<Integer> ports = Ports.free(8);

        assertThat(ports).doesNotHaveDuplicates();
        if (Ports.firstOutgoing() > 20_000) {
            assertThat(ports).allSatisfy(port -> assertThat(port).isBetween(20_000, Ports.firstOutgoing() - 1));
        }
    }
}
