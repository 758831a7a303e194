package io.sluice.orchestrator.alert;

import java.time.Duration;

/**
 * From when on something is alarming.
 *
 * @param stuckAfter how long a migration may wait for what does not pass by itself
 * @param exposureAfter how long a workload may run while bytes of it lie on its source
 * @param lostAfter how long a worker may be silent
 * @param deadlineMargin before a drain's deadline, while it cannot be told when it will be through
 */
public record AlarmPolicy(Duration stuckAfter, Duration exposureAfter, Duration lostAfter, Duration deadlineMargin) {}
