package io.sluice.iscsi.exerciser;

import io.sluice.iscsi.block.BlockDevice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Compares a disk with the journals, block by block, and with the checksums of its original content where nothing was written. */
final class Verification {
    /** Read in one go; a multiple of the block. */
    private static final int PIECE_BYTES = 1 << 20;

    /** More than this tells nobody anything; the count goes on. */
    private static final int MAX_TOLD = 20;

    private final History history;
    private final BlockChecksums original;
    private final List<String> wrong = new ArrayList<>();
    private long wrongBlocks;
    private long writtenBlocks;
    private long untouchedBytes;

    Verification(History history, BlockChecksums original) {
        this.history = history;
        this.original = original;
    }

    /** Whether all is as it must be. */
    boolean run(BlockDevice disk) {
        long bytes = (long) original.blocks() * NumberedBlock.BYTES;
        if (disk.sizeBytes() != bytes) {
            tell("the disk has %d bytes, the original had %d".formatted(disk.sizeBytes(), bytes));
            return false;
        }
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        for (long at = 0; at < bytes; at += piece.limit()) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, bytes - at));
            disk.read(at, piece);
            for (int offset = 0; offset < piece.limit(); offset += NumberedBlock.BYTES) {
                check((int) ((at + offset) / NumberedBlock.BYTES), piece.slice(offset, NumberedBlock.BYTES));
            }
        }
        return wrongBlocks == 0;
    }

    private void check(int block, ByteBuffer content) {
        History.BlockHistory written = history.block(block);
        if (written == null) {
            untouchedBytes += NumberedBlock.BYTES;
            if (!original.matches(block, content)) {
                tell("block %d was never written to and differs from the original".formatted(block));
            }
            return;
        }
        writtenBlocks++;
        NumberedBlock found = NumberedBlock.decode(content);
        String mismatch = history.wrong(block, found);
        if (mismatch != null) {
            tell(mismatch);
        } else if (found == null && !original.matches(block, content)) {
            tell("block %d has no acknowledged write and holds neither the one without answer nor the original"
                    .formatted(block));
        }
    }

    private void tell(String what) {
        wrongBlocks++;
        if (wrong.size() < MAX_TOLD) {
            wrong.add(what);
        }
    }

    /** One JSON object; times are Unix nanoseconds. */
    String json() {
        StringBuilder json = new StringBuilder("{\"passed\":").append(wrongBlocks == 0);
        json.append(",\"acknowledgedWrites\":").append(history.acknowledgedWrites());
        json.append(",\"writtenBlocks\":").append(writtenBlocks);
        json.append(",\"untouchedBytes\":").append(untouchedBytes);
        json.append(",\"wrongBlocks\":").append(wrongBlocks);
        json.append(",\"wrong\":[");
        for (int i = 0; i < wrong.size(); i++) {
            json.append(i == 0 ? "\"" : ",\"").append(wrong.get(i)).append('"');
        }
        json.append("],\"runs\":[");
        List<History.Run> runs = history.runs();
        for (int i = 0; i < runs.size(); i++) {
            History.Run run = runs.get(i);
            json.append(i == 0 ? "{" : ",{").append("\"acknowledgedWrites\":").append(run.acknowledged());
            json.append(",\"firstNanos\":").append(run.firstNanos());
            json.append(",\"lastNanos\":").append(run.lastNanos()).append('}');
        }
        return json.append("]}").toString();
    }
}
