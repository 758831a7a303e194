package io.sluice.iscsi.session;

import io.sluice.iscsi.pdu.TaskFunction;
import java.util.Set;

/** A task management function whose answer waits until the tasks it aborted have ended (RFC 7143 §4.2.3.3). */
record AwaitedFunction(int taskTag, TaskFunction function, int lun, Set<TaskId> running) {

    AwaitedFunction {
        running = Set.copyOf(running);
    }

    AwaitedFunction waitingFor(Set<TaskId> left) {
        return new AwaitedFunction(taskTag, function, lun, left);
    }
}
