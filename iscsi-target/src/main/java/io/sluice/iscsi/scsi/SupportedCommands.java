package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** REPORT SUPPORTED OPERATION CODES and REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS (SPC-4 §6.35 and §6.36). */
final class SupportedCommands {
    private static final int NO_SERVICE_ACTION = -1;
    private static final int OPTION_ALL = 0;
    private static final int OPTION_BY_CODE = 1;
    private static final int OPTION_BY_SERVICE_ACTION = 2;
    private static final int OPTION_EITHER = 3;

    private static final int TIMEOUTS_BYTES = 12;

    /** ABORT TASK, ABORT TASK SET, CLEAR TASK SET, LOGICAL UNIT RESET, TARGET RESET. */
    private static final byte TASK_MANAGEMENT = (byte) (0x80 | 0x40 | 0x10 | 0x08 | 0x02);

    /**
     * A command and its CDB usage data: a bit is set where a bit of the CDB means something (SPC-4 §6.35.3).
     *
     * @param serviceAction or {@link #NO_SERVICE_ACTION}
     */
    record Supported(int code, int serviceAction, ByteBuffer usage) {
        int cdbBytes() {
            return usage.remaining();
        }

        boolean hasServiceAction() {
            return serviceAction != NO_SERVICE_ACTION;
        }
    }

    static final List<Supported> ALL = List.of(
            command("00 00 00 00 00 00"), // TEST UNIT READY
            command("03 01 00 00 FF 00"), // REQUEST SENSE
            command("08 1F FF FF FF 00"), // READ (6)
            command("0A 1F FF FF FF 00"), // WRITE (6)
            command("12 01 FF FF FF 00"), // INQUIRY
            command("15 10 00 00 FF 00"), // MODE SELECT (6)
            command("16 00 00 00 00 00"), // RESERVE (6)
            command("17 00 00 00 00 00"), // RELEASE (6)
            command("1A 08 FF FF FF 00"), // MODE SENSE (6)
            command("1B 01 00 00 F3 00"), // START STOP UNIT
            command("1E 00 00 00 03 00"), // PREVENT ALLOW MEDIUM REMOVAL
            command("25 00 00 00 00 00 00 00 00 00"), // READ CAPACITY (10)
            command("28 18 FF FF FF FF 00 FF FF 00"), // READ (10)
            command("2A 18 FF FF FF FF 00 FF FF 00"), // WRITE (10)
            command("2E 12 FF FF FF FF 00 FF FF 00"), // WRITE AND VERIFY (10)
            command("2F 16 FF FF FF FF 00 FF FF 00"), // VERIFY (10)
            command("34 02 FF FF FF FF 00 FF FF 00"), // PRE-FETCH (10)
            command("35 02 FF FF FF FF 00 FF FF 00"), // SYNCHRONIZE CACHE (10)
            command("37 00 1F 00 00 00 00 FF FF 00"), // READ DEFECT DATA (10)
            command("41 08 FF FF FF FF 00 FF FF 00"), // WRITE SAME (10)
            command("42 00 00 00 00 00 00 FF FF 00"), // UNMAP
            command("55 10 00 00 00 00 00 FF FF 00"), // MODE SELECT (10)
            command("56 00 00 00 00 00 00 00 00 00"), // RESERVE (10)
            command("57 00 00 00 00 00 00 00 00 00"), // RELEASE (10)
            command("5A 18 FF FF 00 00 00 FF FF 00"), // MODE SENSE (10)
            action(0, "5E 1F 00 00 00 00 00 FF FF 00"), // PERSISTENT RESERVE IN: READ KEYS
            action(1, "5E 1F 00 00 00 00 00 FF FF 00"), // READ RESERVATION
            action(2, "5E 1F 00 00 00 00 00 FF FF 00"), // REPORT CAPABILITIES
            action(3, "5E 1F 00 00 00 00 00 FF FF 00"), // READ FULL STATUS
            action(0, "5F 1F FF 00 00 FF FF FF FF 00"), // PERSISTENT RESERVE OUT: REGISTER
            action(1, "5F 1F FF 00 00 FF FF FF FF 00"), // RESERVE
            action(2, "5F 1F FF 00 00 FF FF FF FF 00"), // RELEASE
            action(3, "5F 1F FF 00 00 FF FF FF FF 00"), // CLEAR
            action(4, "5F 1F FF 00 00 FF FF FF FF 00"), // PREEMPT
            action(5, "5F 1F FF 00 00 FF FF FF FF 00"), // PREEMPT AND ABORT
            action(6, "5F 1F FF 00 00 FF FF FF FF 00"), // REGISTER AND IGNORE EXISTING KEY
            action(0, "83 1F 00 00 00 00 00 00 00 00 FF FF FF FF 00 00"), // EXTENDED COPY (LID1)
            action(0, "84 1F FF 00 00 00 00 00 00 00 FF FF FF FF 00 00"), // RECEIVE COPY RESULTS: COPY STATUS
            action(3, "84 1F FF 00 00 00 00 00 00 00 FF FF FF FF 00 00"), // OPERATING PARAMETERS
            command("88 18 FF FF FF FF FF FF FF FF FF FF FF FF 00 00"), // READ (16)
            command("89 18 FF FF FF FF FF FF FF FF 00 00 00 FF 00 00"), // COMPARE AND WRITE
            command("8A 18 FF FF FF FF FF FF FF FF FF FF FF FF 00 00"), // WRITE (16)
            command("8B 18 FF FF FF FF FF FF FF FF FF FF FF FF 00 00"), // ORWRITE (16)
            command("8E 12 FF FF FF FF FF FF FF FF FF FF FF FF 00 00"), // WRITE AND VERIFY (16)
            command("8F 16 FF FF FF FF FF FF FF FF FF FF FF FF 00 00"), // VERIFY (16)
            command("90 02 FF FF FF FF FF FF FF FF FF FF FF FF 00 00"), // PRE-FETCH (16)
            command("91 02 FF FF FF FF FF FF FF FF FF FF FF FF 00 00"), // SYNCHRONIZE CACHE (16)
            command("93 09 FF FF FF FF FF FF FF FF FF FF FF FF 00 00"), // WRITE SAME (16)
            action(0x10, "9E 1F 00 00 00 00 00 00 00 00 FF FF FF FF 00 00"), // READ CAPACITY (16)
            action(0x12, "9E 1F FF FF FF FF FF FF FF FF FF FF FF FF 00 00"), // GET LBA STATUS
            command("A0 00 FF 00 00 00 FF FF FF FF 00 00"), // REPORT LUNS
            action(0x0A, "A3 FF 00 00 00 00 FF FF FF FF 00 00"), // REPORT TARGET PORT GROUPS
            action(0x0C, "A3 1F 87 FF FF FF FF FF FF FF 00 00"), // REPORT SUPPORTED OPERATION CODES
            action(0x0D, "A3 1F 80 00 00 00 FF FF FF FF 00 00"), // REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS
            command("A8 18 FF FF FF FF FF FF FF FF 00 00"), // READ (12)
            command("AA 18 FF FF FF FF FF FF FF FF 00 00"), // WRITE (12)
            command("AE 12 FF FF FF FF FF FF FF FF 00 00"), // WRITE AND VERIFY (12)
            command("AF 16 FF FF FF FF FF FF FF FF 00 00"), // VERIFY (12)
            command("B7 1F 00 00 00 00 FF FF FF FF 00 00"), // READ DEFECT DATA (12)
            action(0, "D5 1F FF FF FF FF FF FF FF FF FF FF FF FF 00 00")); // READ CHECKSUMS, vendor specific

    private SupportedCommands() {}

    static ScsiResult report(ScsiCommand.ReportSupportedOperationCodes command) {
        if (command.option() == OPTION_ALL) {
            return ScsiResult.parameterData(all(command.timeouts()), command.allocationLength());
        }
        if (command.option() > OPTION_EITHER) {
            return ScsiResult.check(Sense.invalidField(2));
        }
        List<Supported> sameCode = ALL.stream()
                .filter(supported -> supported.code() == command.operationCode())
                .toList();
        boolean actions = sameCode.stream().anyMatch(Supported::hasServiceAction);
        boolean wrongOption = !sameCode.isEmpty()
                && ((actions && command.option() == OPTION_BY_CODE)
                        || (!actions && command.option() == OPTION_BY_SERVICE_ACTION));
        if (wrongOption) {
            return ScsiResult.check(Sense.invalidField(2)); // SPC-4 table 275
        }
        Supported found = sameCode.stream()
                .filter(supported -> !actions || supported.serviceAction() == command.serviceAction())
                .findFirst()
                .orElse(null);
        return ScsiResult.parameterData(one(found, command.timeouts()), command.allocationLength());
    }

    static ScsiResult taskManagement(ScsiCommand.ReportSupportedTaskManagement command) {
        byte[] data = new byte[command.extended() ? 16 : 4];
        data[0] = TASK_MANAGEMENT;
        data[3] = (byte) (data.length - 4);
        return ScsiResult.parameterData(data, command.allocationLength());
    }

    /** SPC-4 table 276. */
    private static byte[] all(boolean timeouts) {
        int each = 8 + (timeouts ? TIMEOUTS_BYTES : 0);
        ByteBuffer data = ByteBuffer.allocate(4 + ALL.size() * each).putInt(ALL.size() * each);
        for (Supported supported : ALL) {
            boolean action = supported.hasServiceAction();
            data.put((byte) supported.code()).put((byte) 0);
            data.putShort((short) (action ? supported.serviceAction() : 0)).put((byte) 0);
            data.put((byte) ((timeouts ? 0x02 : 0) | (action ? 0x01 : 0))); // CTDP, SERVACTV
            data.putShort((short) supported.cdbBytes());
            if (timeouts) {
                putTimeouts(data);
            }
        }
        return data.array();
    }

    /** SPC-4 table 278; a command that is not there has no usage data. */
    private static byte[] one(@Nullable Supported found, boolean timeouts) {
        if (found == null) {
            return new byte[] {0, 0x01, 0, 0}; // not supported
        }
        ByteBuffer data = ByteBuffer.allocate(4 + found.cdbBytes() + (timeouts ? TIMEOUTS_BYTES : 0));
        data.put((byte) 0).put((byte) ((timeouts ? 0x80 : 0) | 0x03)); // as a standard says
        data.putShort((short) found.cdbBytes()).put(found.usage().duplicate());
        if (timeouts) {
            putTimeouts(data);
        }
        return data.array();
    }

    /** SPC-4 §6.35.4 with no time named: a disk takes as long as what lies below it. */
    private static void putTimeouts(ByteBuffer data) {
        data.putShort((short) (TIMEOUTS_BYTES - 2))
                .putShort((short) 0)
                .putInt(0)
                .putInt(0);
    }

    private static Supported command(String usage) {
        return action(NO_SERVICE_ACTION, usage);
    }

    private static Supported action(int serviceAction, String usage) {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(usage);
        if (serviceAction != NO_SERVICE_ACTION) {
            bytes[1] = (byte) ((bytes[1] & 0xE0) | serviceAction); // usage data tells the service action itself
        }
        return new Supported(bytes[0] & 0xFF, serviceAction, ByteBuffer.wrap(bytes));
    }
}
