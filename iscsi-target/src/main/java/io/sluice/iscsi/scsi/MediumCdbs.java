package io.sluice.iscsi.scsi;

import static io.sluice.iscsi.scsi.OperationCode.READ_6;
import static io.sluice.iscsi.scsi.OperationCode.WRITE_6;
import static io.sluice.iscsi.scsi.OperationCode.WRITE_SAME_16;

import org.jspecify.annotations.Nullable;

/** The CDBs of commands that reach the medium (SBC-3 §5). DPO is a hint about caches and needs no answer. */
final class MediumCdbs {
    /** Protection information is not supported: RDPROTECT, WRPROTECT and VRPROTECT must be 0 (SBC-3 §4.22). */
    private static final int PROTECT_MASK = 0xE0;

    static final int FUA = 0x08;
    private static final int BYTE_CHECK_MASK = 0x06;
    private static final int WRITE_SAME_ANCHOR = 0x10;
    private static final int WRITE_SAME_UNMAP = 0x08;
    private static final int WRITE_SAME_NO_DATA = 0x01;
    private static final int UNMAP_ANCHOR = 0x01;

    private MediumCdbs() {}

    static ScsiCommand read(Cdb cdb) {
        if (cdb.code() == READ_6) {
            return new ScsiCommand.Read(cdb.lba(), cdb.blocks(), false);
        }
        return cdb.has(1, PROTECT_MASK)
                ? new ScsiCommand.InvalidField(1)
                : new ScsiCommand.Read(cdb.lba(), cdb.blocks(), cdb.has(1, FUA));
    }

    static ScsiCommand write(Cdb cdb) {
        if (cdb.code() == WRITE_6) {
            return new ScsiCommand.Write(cdb.lba(), cdb.blocks(), false);
        }
        return cdb.has(1, PROTECT_MASK)
                ? new ScsiCommand.InvalidField(1)
                : new ScsiCommand.Write(cdb.lba(), cdb.blocks(), cdb.has(1, FUA));
    }

    static ScsiCommand verify(Cdb cdb) {
        ScsiCommand.ByteCheck check = byteCheck(cdb);
        return check == null ? new ScsiCommand.InvalidField(1) : new ScsiCommand.Verify(cdb.lba(), cdb.blocks(), check);
    }

    static ScsiCommand writeAndVerify(Cdb cdb) {
        ScsiCommand.ByteCheck check = byteCheck(cdb);
        return check == null || check == ScsiCommand.ByteCheck.ONE_BLOCK
                ? new ScsiCommand.InvalidField(1)
                : new ScsiCommand.WriteAndVerify(cdb.lba(), cdb.blocks(), check);
    }

    /** SBC-3 §5.29; null for what is reserved or asks for protection information. */
    private static ScsiCommand.@Nullable ByteCheck byteCheck(Cdb cdb) {
        if (cdb.has(1, PROTECT_MASK)) {
            return null;
        }
        return switch ((cdb.unsigned(1) & BYTE_CHECK_MASK) >>> 1) {
            case 0 -> ScsiCommand.ByteCheck.MEDIUM;
            case 1 -> ScsiCommand.ByteCheck.DATA_OUT;
            case 3 -> ScsiCommand.ByteCheck.ONE_BLOCK;
            default -> null;
        };
    }

    static ScsiCommand compareAndWrite(Cdb cdb) {
        return cdb.has(1, PROTECT_MASK)
                ? new ScsiCommand.InvalidField(1)
                : new ScsiCommand.CompareAndWrite(cdb.lba(), cdb.unsigned(13), cdb.has(1, FUA));
    }

    static ScsiCommand orWrite(Cdb cdb) {
        return cdb.has(1, PROTECT_MASK)
                ? new ScsiCommand.InvalidField(1)
                : new ScsiCommand.OrWrite(cdb.lba(), cdb.blocks(), cdb.has(1, FUA));
    }

    static ScsiCommand unmap(Cdb cdb) {
        return cdb.has(1, UNMAP_ANCHOR) ? new ScsiCommand.InvalidField(1) : new ScsiCommand.Unmap(cdb.unsignedShort(7));
    }

    static ScsiCommand writeSame(Cdb cdb) {
        if (cdb.has(1, PROTECT_MASK | WRITE_SAME_ANCHOR)) {
            return new ScsiCommand.InvalidField(1);
        }
        boolean noData = cdb.code() == WRITE_SAME_16 && cdb.has(1, WRITE_SAME_NO_DATA);
        return new ScsiCommand.WriteSame(cdb.lba(), cdb.blocks(), cdb.has(1, WRITE_SAME_UNMAP), noData);
    }
}
