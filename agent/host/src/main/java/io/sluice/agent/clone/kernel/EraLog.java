package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.CommandResult.Exited;
import io.sluice.agent.command.Commands;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.EraStatus;
import io.sluice.agent.reconcile.HostActionException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * What a workload wrote through a dm-era device, ever: dm-era lets a write pass only when its block is on record
 * (drivers/md/dm-era-target.c), so the set holds every write that could be seen below, and perhaps some that were not yet.
 */
final class EraLog {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** dm-era begins to count at 1 when it comes up first (era_preresume); 0 stands for blocks never written. */
    private static final String FIRST_ERA = "1";

    /** 30 bytes a block at worst: two million of them. */
    private static final Command.Output.Captured LIST = new Command.Output.Captured(64 << 20);

    private final DeviceMapper mapper;
    private final Commands commands;

    EraLog(DeviceMapper mapper, Commands commands) {
        this.mapper = mapper;
        this.commands = commands;
    }

    /** The regions written until now. One metadata snapshot can be held at a time: one left by a crash is dropped first. */
    BitSet written(DeviceName era, String metadata) {
        dropLeftover(era);
        mapper.message(era, "take_metadata_snap");
        try {
            CommandResult result = commands.run(new Command(
                    List.of("era_invalidate", "--metadata-snapshot", "--written-since", FIRST_ERA, metadata),
                    Map.of("LC_ALL", "C"),
                    LIMIT,
                    LIST,
                    Command.Input.NONE));
            if (!(result instanceof Exited exited) || exited.code() != 0) {
                throw new HostActionException(
                        "WRITTEN_SET_UNKNOWN",
                        FailureKind.RETRY,
                        "era_invalidate for " + era + " " + result.words()
                                + "; it is tried again: see that thin-provisioning-tools are installed");
            }
            return WrittenRegions.parse(exited.output());
        } catch (IllegalArgumentException e) {
            throw new HostActionException(
                    "WRITTEN_SET_UNKNOWN",
                    FailureKind.OPERATOR,
                    "era_invalidate for " + era + ": " + e.getMessage(),
                    e);
        } finally {
            mapper.message(era, "drop_metadata_snap");
        }
    }

    private void dropLeftover(DeviceName era) {
        if (mapper.status(era) instanceof EraStatus.Working working && working.metadataSnapshot() != null) {
            mapper.message(era, "drop_metadata_snap");
        }
    }
}
