package io.sluice.agent.attach.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.Portal;
import io.sluice.agent.attach.kernel.AttachmentOrder.Login;
import io.sluice.agent.attach.kernel.AttachmentOrder.Node;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NodeRecordTest {
    private static final Portal PORTAL = new Portal("10.0.0.1", 3260);

    private static Node node(Login login) {
        return new Node("iqn.2026-11.io.sluice:vol.db", PORTAL, "iqn.2026-11.io.sluice:worker.b", login);
    }

    @Test
    void itLiesWhereTheNodeDatabaseLooksForIt() {
        assertThat(NodeRecord.file("iqn.x", PORTAL)).isEqualTo(Path.of("iqn.x/10.0.0.1,3260,1/sluice"));
        assertThat(NodeRecord.file("iqn.x", new Portal("fd00::1", 3260)))
                .isEqualTo(Path.of("iqn.x/fd00::1,3260,1/sluice"));
    }

    @Test
    void itLogsInUnderTheWorkersOwnNameWithMutualChapAndDigests() {
        assertThat(NodeRecord.text(node(new Login("u", "s", "mu", "ms"))))
                .startsWith("# BEGIN RECORD")
                .endsWith("# END RECORD\n")
                .contains("iface.initiatorname = iqn.2026-11.io.sluice:worker.b\n")
                .contains("node.session.auth.authmethod = CHAP\n")
                .contains("node.session.auth.username = u\n", "node.session.auth.password = s\n")
                .contains("node.session.auth.username_in = mu\n", "node.session.auth.password_in = ms\n")
                .contains("node.conn[0].iscsi.HeaderDigest = CRC32C\n", "node.conn[0].iscsi.DataDigest = CRC32C\n")
                .contains("node.startup = manual\n", "node.session.reopen_max = 0\n");
    }

    @Test
    void withoutASecretOfTheTargetOnlyTheInitiatorProvesItself() {
        assertThat(NodeRecord.text(node(new Login("u", "s", null, null))))
                .contains("node.session.auth.password = s\n")
                .doesNotContain("username_in", "password_in");
    }

    @Test
    void aValueCannotBringAKeyOfItsOwn() {
        assertThatThrownBy(() -> NodeRecord.text(node(new Login("u", "s\nnode.startup = automatic", null, null))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("automatic");
    }
}
