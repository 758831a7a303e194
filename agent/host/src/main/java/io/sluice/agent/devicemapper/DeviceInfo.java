package io.sluice.agent.devicemapper;

/**
 * A device that is there.
 *
 * @param openCount who has it open: processes, mounts and devices above it
 * @param loaded whether it has a table in force
 * @param pending whether it has another table loaded that is not in force
 */
public record DeviceInfo(
        int major, int minor, int openCount, boolean loaded, boolean pending, boolean suspended, boolean readOnly) {

    static final String FIELDS = "major,minor,open,attr";

    /** Reads what {@code dmsetup info -c} prints of {@link #FIELDS}; attributes are {@code LIsw}, each a dash where it is not so. */
    static DeviceInfo parse(String line) {
        Words words = Words.of(line.replace(':', ' '));
        int major = (int) words.nextLong();
        int minor = (int) words.nextLong();
        int open = (int) words.nextLong();
        String attributes = words.next();
        return new DeviceInfo(
                major,
                minor,
                open,
                attributes.indexOf('L') >= 0,
                attributes.indexOf('I') >= 0,
                attributes.indexOf('s') >= 0,
                attributes.indexOf('r') >= 0);
    }

    public String number() {
        return major + ":" + minor;
    }
}
