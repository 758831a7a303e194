package io.sluice.iscsi.scsi;

import static io.sluice.iscsi.scsi.OperationCode.*;

import java.nio.ByteBuffer;

/** Bytes of a CDB to a {@link ScsiCommand}. Pure; accepts any bytes. */
public final class CdbDecoder {
    /** iSCSI carries CDBs in a field of this size, padded with zeros (RFC 7143 §11.3.5). */
    private static final int PADDED_BYTES = 16;

    private static final int PROTECT_MASK = 0xE0;
    private static final int FUA = 0x08;
    private static final int BYTE_CHECK_MASK = 0x06;
    private static final int WRITE_SAME_ANCHOR = 0x10;
    private static final int WRITE_SAME_UNMAP = 0x08;
    private static final int WRITE_SAME_NO_DATA = 0x01;

    private CdbDecoder() {}

    /** Decodes position to limit; a descriptor shorter than its command counts as padded with zeros. */
    public static ScsiCommand decode(ByteBuffer descriptor) {
        ByteBuffer cdb = ByteBuffer.allocate(PADDED_BYTES);
        cdb.put(descriptor.slice(descriptor.position(), Math.min(descriptor.remaining(), PADDED_BYTES)));
        int code = unsigned(cdb, 0);
        return switch (code) {
            case TEST_UNIT_READY -> new ScsiCommand.TestUnitReady();
            case REQUEST_SENSE -> new ScsiCommand.RequestSense((cdb.get(1) & 1) != 0, unsigned(cdb, 4));
            case INQUIRY -> inquiry(cdb);
            case REPORT_LUNS -> new ScsiCommand.ReportLuns(unsigned(cdb, 2), length(cdb, 6));
            case MODE_SENSE_6 -> modeSense(cdb, 6, unsigned(cdb, 4));
            case MODE_SENSE_10 -> modeSense(cdb, 10, cdb.getShort(7) & 0xFFFF);
            case START_STOP_UNIT -> new ScsiCommand.StartStopUnit();
            case READ_CAPACITY_10 -> new ScsiCommand.ReadCapacity10();
            case SERVICE_ACTION_IN_16 -> serviceActionIn(cdb);
            case READ_6, READ_10, READ_12, READ_16 -> read(cdb, code);
            case WRITE_6, WRITE_10, WRITE_12, WRITE_16 -> write(cdb, code);
            case VERIFY_10, VERIFY_16 -> verify(cdb, code);
            case SYNCHRONIZE_CACHE_10, SYNCHRONIZE_CACHE_16 ->
                new ScsiCommand.SynchronizeCache(lba(cdb, code), blocks(cdb, code));
            case UNMAP ->
                (cdb.get(1) & 1) != 0
                        ? new ScsiCommand.InvalidField(1)
                        : new ScsiCommand.Unmap(cdb.getShort(7) & 0xFFFF);
            case WRITE_SAME_10, WRITE_SAME_16 -> writeSame(cdb, code);
            default -> new ScsiCommand.Unsupported(code);
        };
    }

    /** Whether running the command takes no waiting but for the disk's content that it returns: a READ without FUA. */
    public static boolean onlyReads(ByteBuffer descriptor) {
        if (descriptor.remaining() < 2) {
            return false;
        }
        int start = descriptor.position();
        return switch (unsigned(descriptor, start)) {
            case READ_6 -> true;
            case READ_10, READ_12, READ_16 -> (descriptor.get(start + 1) & FUA) == 0;
            default -> false;
        };
    }

    private static ScsiCommand inquiry(ByteBuffer cdb) {
        boolean vitalProductData = (cdb.get(1) & 1) != 0;
        int page = unsigned(cdb, 2);
        if (!vitalProductData && page != 0) {
            return new ScsiCommand.InvalidField(2);
        }
        return new ScsiCommand.Inquiry(vitalProductData, page, cdb.getShort(3) & 0xFFFF);
    }

    private static ScsiCommand modeSense(ByteBuffer cdb, int cdbBytes, int allocationLength) {
        return new ScsiCommand.ModeSense(
                cdbBytes,
                (cdb.get(1) & 0x08) != 0,
                cdbBytes == 10 && (cdb.get(1) & 0x10) != 0,
                unsigned(cdb, 2) >>> 6,
                cdb.get(2) & 0x3F,
                unsigned(cdb, 3),
                allocationLength);
    }

    private static ScsiCommand serviceActionIn(ByteBuffer cdb) {
        int serviceAction = cdb.get(1) & 0x1F;
        return switch (serviceAction) {
            case SERVICE_READ_CAPACITY_16 -> new ScsiCommand.ReadCapacity16(length(cdb, 10));
            case SERVICE_GET_LBA_STATUS -> new ScsiCommand.GetLbaStatus(cdb.getLong(2), length(cdb, 10));
            default -> new ScsiCommand.InvalidField(1);
        };
    }

    private static ScsiCommand read(ByteBuffer cdb, int code) {
        if (code != READ_6 && (cdb.get(1) & PROTECT_MASK) != 0) {
            return new ScsiCommand.InvalidField(1);
        }
        return new ScsiCommand.Read(lba(cdb, code), blocks(cdb, code), code != READ_6 && (cdb.get(1) & FUA) != 0);
    }

    private static ScsiCommand write(ByteBuffer cdb, int code) {
        if (code != WRITE_6 && (cdb.get(1) & PROTECT_MASK) != 0) {
            return new ScsiCommand.InvalidField(1);
        }
        return new ScsiCommand.Write(lba(cdb, code), blocks(cdb, code), code != WRITE_6 && (cdb.get(1) & FUA) != 0);
    }

    private static ScsiCommand verify(ByteBuffer cdb, int code) {
        if ((cdb.get(1) & (PROTECT_MASK | BYTE_CHECK_MASK)) != 0) {
            return new ScsiCommand.InvalidField(1);
        }
        return new ScsiCommand.Verify(lba(cdb, code), blocks(cdb, code));
    }

    private static ScsiCommand writeSame(ByteBuffer cdb, int code) {
        int flags = cdb.get(1);
        if ((flags & (PROTECT_MASK | WRITE_SAME_ANCHOR)) != 0) {
            return new ScsiCommand.InvalidField(1);
        }
        boolean noData = code == WRITE_SAME_16 && (flags & WRITE_SAME_NO_DATA) != 0;
        return new ScsiCommand.WriteSame(lba(cdb, code), blocks(cdb, code), (flags & WRITE_SAME_UNMAP) != 0, noData);
    }

    private static long lba(ByteBuffer cdb, int code) {
        return switch (code >>> 5) {
            case 0 -> cdb.getInt(0) & 0x1F_FFFFL;
            case 4 -> cdb.getLong(2);
            default -> cdb.getInt(2) & 0xFFFF_FFFFL;
        };
    }

    private static long blocks(ByteBuffer cdb, int code) {
        return switch (code >>> 5) {
            case 0 -> cdb.get(4) == 0 ? 256 : unsigned(cdb, 4); // SBC-3 §5.10: 0 means 256
            case 4 -> cdb.getInt(10) & 0xFFFF_FFFFL;
            case 5 -> cdb.getInt(6) & 0xFFFF_FFFFL;
            default -> cdb.getShort(7) & 0xFFFFL;
        };
    }

    /** An allocation length of up to 32 bits; no answer comes near the cap. */
    private static int length(ByteBuffer cdb, int at) {
        return (int) Math.min(cdb.getInt(at) & 0xFFFF_FFFFL, Integer.MAX_VALUE);
    }

    private static int unsigned(ByteBuffer cdb, int at) {
        return cdb.get(at) & 0xFF;
    }
}
