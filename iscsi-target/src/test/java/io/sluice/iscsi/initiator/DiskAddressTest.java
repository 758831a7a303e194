package io.sluice.iscsi.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskAddressTest {
    @Test
    void readsAndWritesUrls() {
        String text = "iscsi://127.0.0.1:3261/iqn.2026-11.io.sluice:disk.1/3";
        DiskAddress address = DiskAddress.parse(text);
        assertThat(address).isEqualTo(new DiskAddress("127.0.0.1", 3261, "iqn.2026-11.io.sluice:disk.1", 3));
        assertThat(address).hasToString(text);
        assertThat(DiskAddress.parse("iscsi://worker-1/iqn.a/0").port()).isEqualTo(3260);
        assertThat(DiskAddress.parse("iscsi://[::1]:1/iqn.a/0")).hasToString("iscsi://[::1]:1/iqn.a/0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "iscsi://host",
                "iscsi://host/iqn.a",
                "iscsi://host:0/iqn.a/0",
                "iscsi://host:99999/iqn.a/0",
                "iscsi://host/iqn.a/99999",
                "iscsi://user%secret@host/iqn.a/0",
                "http://host/iqn.a/0"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> DiskAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
