package io.sluice.iscsi.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * One kind of load.
 *
 * @param depth requests under way in each session
 * @param digests data and header digests, where the protocol has them
 */
record Work(Client client, Access access, int blockBytes, int depth, int sessions, boolean digests) {

    /** Who makes the load. */
    enum Client {
        /** The one in this package: the least work per request, and the same for every protocol. */
        SLUICE,
        ISCSI_PERF,
        QEMU_IMG
    }

    /** What is asked for. */
    enum Access {
        SEQUENTIAL_READ("seqread"),
        RANDOM_READ("randread"),
        RANDOM_WRITE("randwrite");

        private final String label;

        Access(String label) {
            this.label = label;
        }
    }

    private static final int KIB = 1024;
    private static final int SMALL = 4 * KIB;
    private static final int MEDIUM = 64 * KIB;
    private static final int LARGE = 1024 * KIB;
    private static final int DEEP = 32;

    /** All that is measured unless something is left out. */
    static List<Work> all() {
        List<Work> all = new ArrayList<>();
        for (boolean digests : new boolean[] {false, true}) {
            for (int sessions : new int[] {1, 4}) {
                all.add(own(Access.RANDOM_READ, SMALL, 1, sessions, digests));
                all.add(own(Access.RANDOM_READ, SMALL, DEEP, sessions, digests));
                all.add(own(Access.SEQUENTIAL_READ, MEDIUM, DEEP, sessions, digests));
                all.add(own(Access.SEQUENTIAL_READ, LARGE, 1, sessions, digests));
                all.add(own(Access.SEQUENTIAL_READ, LARGE, DEEP, sessions, digests));
                all.add(own(Access.RANDOM_WRITE, SMALL, 1, sessions, digests));
                all.add(own(Access.RANDOM_WRITE, SMALL, DEEP, sessions, digests));
            }
        }
        for (int sessions : new int[] {1, 4}) {
            all.add(new Work(Client.ISCSI_PERF, Access.RANDOM_READ, SMALL, 1, sessions, false));
            all.add(new Work(Client.ISCSI_PERF, Access.RANDOM_READ, SMALL, DEEP, sessions, false));
            all.add(new Work(Client.ISCSI_PERF, Access.SEQUENTIAL_READ, MEDIUM, DEEP, sessions, false));
            all.add(new Work(Client.ISCSI_PERF, Access.SEQUENTIAL_READ, LARGE, DEEP, sessions, false));
        }
        all.add(new Work(Client.QEMU_IMG, Access.SEQUENTIAL_READ, SMALL, DEEP, 1, false));
        all.add(new Work(Client.QEMU_IMG, Access.SEQUENTIAL_READ, MEDIUM, DEEP, 1, false));
        all.add(new Work(Client.QEMU_IMG, Access.SEQUENTIAL_READ, LARGE, DEEP, 1, false));
        return List.copyOf(all);
    }

    private static Work own(Access access, int blockBytes, int depth, int sessions, boolean digests) {
        return new Work(Client.SLUICE, access, blockBytes, depth, sessions, digests);
    }

    /** The same with more requests under way: what makes a JVM compile is how often it ran, not for how long. */
    Work deeper() {
        return new Work(client, access, blockBytes, Math.max(depth, DEEP), sessions, digests);
    }

    boolean writes() {
        return access == Access.RANDOM_WRITE;
    }

    boolean random() {
        return access != Access.SEQUENTIAL_READ;
    }

    /** Small requests are counted, large ones weighed. */
    boolean countsRequests() {
        return blockBytes < MEDIUM;
    }

    /** As {@code randread-4k-d32-s1}, for reports and for picking. */
    String name() {
        String size = blockBytes >= LARGE ? blockBytes / LARGE + "m" : blockBytes / KIB + "k";
        String with = switch (client) {
            case SLUICE -> "";
            case ISCSI_PERF -> "-iscsiperf";
            case QEMU_IMG -> "-qemu";
        };
        return "%s-%s-d%d-s%d%s%s".formatted(access.label, size, depth, sessions, digests ? "-crc" : "", with);
    }
}
