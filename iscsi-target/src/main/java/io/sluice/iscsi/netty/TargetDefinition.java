package io.sluice.iscsi.netty;

import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.util.List;
import java.util.Locale;

/**
 * A target to be served.
 *
 * @param name its iSCSI name (RFC 7143 §4.2.7), in lower case
 * @param luns its logical units; the index is the LUN
 * @param rate what it may move
 */
public record TargetDefinition(String name, List<LogicalUnit> luns, Admission admission, Rate rate) {

    /** RFC 7143 §4.2.7.2. */
    private static final int MAX_NAME = 223;

    public TargetDefinition {
        if (!name.matches("(iqn|eui|naa)\\.[a-z0-9.:-]+") || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("'" + name + "' is no iSCSI name; use lower case, like "
                    + "iqn.2026-11.io.sluice:export.1".toLowerCase(Locale.ROOT));
        }
        luns = List.copyOf(luns);
    }

    boolean equalsButForRate(TargetDefinition other) {
        return new TargetDefinition(name, luns, admission, other.rate).equals(other);
    }
}
