package io.sluice.iscsi.initiator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a disk is served: portal, target name and LUN; as text {@code iscsi://host:port/iqn/lun}. */
public record DiskAddress(String host, int port, String target, int lun) {
    /** Where iSCSI listens unless said otherwise (RFC 7143 §13.8). */
    public static final int DEFAULT_PORT = 3260;

    private static final int MAX_LUN = (1 << 14) - 1;

    private static final Pattern TEXT = Pattern.compile(
            "iscsi://(?<host>\\[[0-9A-Fa-f:.]+]|[^/:\\[\\]@]+)(:(?<port>\\d{1,5}))?/(?<target>[^/]+)/(?<lun>\\d{1,5})");

    public DiskAddress {
        if (host.isEmpty() || target.isEmpty() || port < 1 || port > 65535 || lun < 0 || lun > MAX_LUN) {
            throw new IllegalArgumentException(
                    "no disk address: host '%s', port %d, target '%s', LUN %d".formatted(host, port, target, lun));
        }
    }

    public static DiskAddress parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no disk address: write iscsi://HOST:PORT/TARGET-NAME/LUN".formatted(text));
        }
        String host = matcher.group("host").replaceAll("[\\[\\]]", "");
        String port = matcher.group("port");
        return new DiskAddress(
                host,
                port == null ? DEFAULT_PORT : Integer.parseInt(port),
                matcher.group("target"),
                Integer.parseInt(matcher.group("lun")));
    }

    @Override
    public String toString() {
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return "iscsi://%s:%d/%s/%d".formatted(shown, port, target, lun);
    }
}
