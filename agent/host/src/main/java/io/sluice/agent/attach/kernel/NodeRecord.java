package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.Portal;
import io.sluice.agent.attach.kernel.AttachmentOrder.Login;
import io.sluice.agent.attach.kernel.AttachmentOrder.Node;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * A record of open-iscsi's node database, as {@code iscsiadm} itself would write it: the way to hand over secrets without
 * showing them in a command line. {@code iscsid} reads it again when it is restarted, so it stays for as long as the session.
 */
final class NodeRecord {
    /** Tells our sessions from others; binds nothing. Its name alone is looked at: no interface file is needed. */
    static final String INTERFACE = "sluice";

    /** The target portal group of every portal of ours. */
    static final int PORTAL_GROUP = 1;

    /** After that long without a connection commands fail, into the map above, which queues them. */
    private static final int REPLACEMENT_SECONDS = 10;

    private NodeRecord() {}

    /** Where it lies below the node database. */
    static Path file(String target, Portal portal) {
        return Path.of(target, portal.host() + "," + portal.port() + "," + PORTAL_GROUP, INTERFACE);
    }

    static String text(Node node) {
        Map<String, Object> keys = identity(node.target(), node.portal());
        keys.put("iface.initiatorname", node.initiator());
        keys.put("node.leading_login", "No");
        keys.put("node.discovery_type", "static");
        // one attempt: trying again is the agent's affair, which may have been told otherwise meanwhile
        keys.put("node.session.initial_login_retry_max", 1);
        // a session that is lost is re-established for ever
        keys.put("node.session.reopen_max", 0);
        keys.put("node.session.cmds_max", 128);
        keys.put("node.session.queue_depth", 64);
        // no other LUN than ours is looked for
        keys.put("node.session.scan", "manual");
        login(keys, node.login());
        keys.put("node.session.timeo.replacement_timeout", REPLACEMENT_SECONDS);
        keys.put("node.session.err_timeo.abort_timeout", 15);
        keys.put("node.session.err_timeo.lu_reset_timeout", 20);
        keys.put("node.session.err_timeo.tgt_reset_timeout", 20);
        keys.put("node.conn[0].timeo.login_timeout", 10);
        keys.put("node.conn[0].timeo.logout_timeout", 10);
        // a silent peer is noticed after both
        keys.put("node.conn[0].timeo.noop_out_interval", 5);
        keys.put("node.conn[0].timeo.noop_out_timeout", 5);
        keys.put("node.conn[0].iscsi.HeaderDigest", "CRC32C");
        keys.put("node.conn[0].iscsi.DataDigest", "CRC32C");
        return lines(keys);
    }

    /** Enough to end a session by. */
    static String withoutSecrets(String target, Portal portal) {
        return lines(identity(target, portal));
    }

    private static Map<String, Object> identity(String target, Portal portal) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("node.name", target);
        keys.put("node.tpgt", PORTAL_GROUP);
        keys.put("node.conn[0].address", portal.host());
        keys.put("node.conn[0].port", portal.port());
        keys.put("iface.iscsi_ifacename", INTERFACE);
        keys.put("iface.transport_name", "tcp");
        // the agent logs in itself: at boot it may not be the time yet
        keys.put("node.startup", "manual");
        keys.put("node.conn[0].startup", "manual");
        return keys;
    }

    private static String lines(Map<String, Object> keys) {
        StringJoiner lines = new StringJoiner("\n", "# BEGIN RECORD 2.1.8\n", "\n# END RECORD\n");
        keys.forEach((key, value) -> lines.add(key + " = " + oneLine(key, value)));
        return lines.toString();
    }

    private static void login(Map<String, Object> keys, Login login) {
        keys.put("node.session.auth.authmethod", "CHAP");
        keys.put("node.session.auth.username", login.user());
        keys.put("node.session.auth.password", login.secret());
        if (login.mutualUser() != null) {
            keys.put("node.session.auth.username_in", login.mutualUser());
            keys.put("node.session.auth.password_in", Objects.requireNonNull(login.mutualSecret()));
        }
    }

    /** What comes from elsewhere must not bring keys of its own. */
    private static String oneLine(String key, Object value) {
        String text = value.toString();
        if (text.chars().anyMatch(Character::isISOControl) || text.isBlank()) {
            throw new IllegalArgumentException("a value for " + key + " is empty or has control characters");
        }
        return text;
    }
}
