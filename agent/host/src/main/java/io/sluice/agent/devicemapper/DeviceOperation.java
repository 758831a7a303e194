package io.sluice.agent.devicemapper;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing asked of the device mapper; each but {@link Targets} concerns one device. */
sealed interface DeviceOperation {
    /** As {@code dmsetup} calls it, with its arguments (dmsetup(8)). */
    List<String> words();

    /** Answered with {@link DeviceInfo#FIELDS}. */
    record Info(DeviceName name) implements DeviceOperation {
        @Override
        public List<String> words() {
            return List.of(
                    "info", "--columns", "--noheadings", "--separator", " ", "-o", DeviceInfo.FIELDS, name.value());
        }
    }

    /** Answered with how many events there were. */
    record Events(DeviceName name) implements DeviceOperation {
        @Override
        public List<String> words() {
            return List.of("info", "--columns", "--noheadings", "-o", "events", name.value());
        }
    }

    /** Answered with the table in force; with nothing where there is none. */
    record TableOf(DeviceName name) implements DeviceOperation {
        @Override
        public List<String> words() {
            return List.of("table", name.value());
        }
    }

    /** Answered with what the target says of itself, which is not made to flush or commit anything for it. */
    record StatusOf(DeviceName name) implements DeviceOperation {
        @Override
        public List<String> words() {
            return List.of("status", "--noflush", name.value());
        }
    }

    /**
     * Makes a device.
     *
     * @param table null makes one without a table
     */
    record Create(DeviceName name, @Nullable Table table, boolean readOnly) implements DeviceOperation {
        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(List.of("create", name.value(), "--uuid", name.uuid()));
            if (table == null) {
                words.add("--notable");
            } else {
                addTable(words, table, readOnly);
            }
            return words;
        }
    }

    record Load(DeviceName name, Table table, boolean readOnly) implements DeviceOperation {
        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(List.of("load", name.value()));
            addTable(words, table, readOnly);
            return words;
        }
    }

    record Clear(DeviceName name) implements DeviceOperation {
        @Override
        public List<String> words() {
            return List.of("clear", name.value());
        }
    }

    /**
     * Lets no I/O in any more.
     *
     * @param keepingBack what is in flight is not waited for, and no file system on it is frozen
     */
    record Suspend(DeviceName name, boolean keepingBack) implements DeviceOperation {
        @Override
        public List<String> words() {
            return keepingBack
                    ? List.of("suspend", "--noflush", "--nolockfs", name.value())
                    : List.of("suspend", name.value());
        }
    }

    record Resume(DeviceName name) implements DeviceOperation {
        @Override
        public List<String> words() {
            return List.of("resume", name.value());
        }
    }

    /** Tried again for a while where somebody has it open. */
    record Remove(DeviceName name) implements DeviceOperation {
        @Override
        public List<String> words() {
            return List.of("remove", "--retry", name.value());
        }
    }

    record Message(DeviceName name, List<String> message) implements DeviceOperation {
        public Message {
            message = List.copyOf(message);
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(List.of("message", name.value(), "0"));
            words.addAll(message);
            return words;
        }
    }

    /** Ends when there were more events than that. */
    record Await(DeviceName name, long seen) implements DeviceOperation {
        @Override
        public List<String> words() {
            return List.of("wait", "--noflush", name.value(), Long.toString(seen));
        }
    }

    /** Answered with a target and its version a line. */
    record Targets() implements DeviceOperation {
        @Override
        public List<String> words() {
            return List.of("targets");
        }
    }

    private static void addTable(List<String> words, Table table, boolean readOnly) {
        if (readOnly) {
            words.add("--readonly");
        }
        words.addAll(List.of("--table", table.line()));
    }
}
