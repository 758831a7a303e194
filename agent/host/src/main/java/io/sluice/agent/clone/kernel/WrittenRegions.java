package io.sluice.agent.clone.kernel;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code era_invalidate} prints (thin-provisioning-tools): blocks written since an era, as ranges and single ones. */
final class WrittenRegions {
    private static final Pattern ENTRY = Pattern.compile(
            "<(?:range\\s+begin\\s*=\\s*\"(\\d+)\"\\s+end\\s*=\\s*\"(\\d+)\"|block\\s+block\\s*=\\s*\"(\\d+)\")\\s*/>");

    private WrittenRegions() {}

    /** @throws IllegalArgumentException it is no such list */
    static BitSet parse(String xml) {
        if (!xml.contains("<blocks")) {
            throw new IllegalArgumentException(
                    "no list of blocks: '" + xml.substring(0, Math.min(200, xml.length())) + "'");
        }
        BitSet written = new BitSet();
        for (Matcher entry = ENTRY.matcher(xml); entry.find(); ) {
            if (entry.group(3) != null) {
                written.set(Integer.parseInt(entry.group(3)));
            } else {
                written.set(Integer.parseInt(entry.group(1)), Integer.parseInt(entry.group(2)));
            }
        }
        return written;
    }
}
