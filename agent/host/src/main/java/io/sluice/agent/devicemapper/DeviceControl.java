package io.sluice.agent.devicemapper;

import io.sluice.agent.command.CommandResult;
import java.time.Duration;

/** Has the kernel do one operation, and answers as {@code dmsetup} does, whoever it is: code 0 or 1, output, words of an error. */
interface DeviceControl {
    CommandResult run(DeviceOperation operation, Duration limit);
}
