package io.sluice.iscsi.session;

import io.sluice.iscsi.pdu.TaskFunction;
import io.sluice.iscsi.pdu.TaskRequest;
import io.sluice.iscsi.pdu.TaskResponse;
import io.sluice.iscsi.scsi.Lun;
import io.sluice.iscsi.session.Task.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Task management (RFC 7143 §11.5, §11.6) over the tasks of this session. What already runs on a disk can not be called back: the
 * function is answered when it has ended, so that nothing of an aborted write reaches the disk after the answer.
 */
final class TaskManagement {

    private final int logicalUnits;

    TaskManagement(int logicalUnits) {
        this.logicalUnits = logicalUnits;
    }

    void requested(SessionDraft draft, TaskRequest request) {
        TaskFunction function = TaskFunction.of(request.function());
        if (function == null) {
            answer(draft, request.taskTag(), TaskResponse.NOT_SUPPORTED);
            return;
        }
        switch (function) {
            case CLEAR_ACA -> answer(draft, request.taskTag(), TaskResponse.NOT_SUPPORTED);
            case TASK_REASSIGN -> answer(draft, request.taskTag(), TaskResponse.REASSIGN_NOT_SUPPORTED);
            case ABORT_TASK -> {
                Task task = draft.live(request.referencedTag());
                if (task != null) {
                    abort(draft, request, function, List.of(task));
                } else {
                    boolean missing =
                            draft.plug(request.refCmdSn(), request.numbers().cmdSn());
                    answer(draft, request.taskTag(), missing ? TaskResponse.COMPLETE : TaskResponse.NO_SUCH_TASK);
                }
            }
            case ABORT_TASK_SET, CLEAR_TASK_SET, LOGICAL_UNIT_RESET -> {
                int lun = Lun.decode(request.lun());
                if (lun < 0 || lun >= logicalUnits) {
                    answer(draft, request.taskTag(), TaskResponse.NO_SUCH_LUN);
                } else {
                    abort(draft, request, function, tasksOn(draft, lun));
                }
            }
            case TARGET_WARM_RESET, TARGET_COLD_RESET -> {
                draft.plugUpTo(request.numbers().cmdSn());
                abort(draft, request, function, draft.tasks());
            }
        }
    }

    private static List<Task> tasksOn(SessionDraft draft, int lun) {
        List<Task> tasks = new ArrayList<>();
        for (Task task : draft.tasks()) {
            if (Lun.decode(task.request().lun()) == lun) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    private static void abort(SessionDraft draft, TaskRequest request, TaskFunction function, Iterable<Task> tasks) {
        Set<TaskId> running = new HashSet<>();
        for (Task task : tasks) {
            switch (task.stage()) {
                case Stage.Unsolicited ignored -> draft.remove(task.id());
                case Stage.Waiting ignored -> draft.remove(task.id());
                case Stage.Soliciting ignored -> draft.remove(task.id());
                case Stage.Discarding ignored -> draft.remove(task.id());
                case Stage.Executing ignored -> {
                    draft.put(task.in(new Stage.Aborted()));
                    running.add(task.id());
                }
                case Stage.Aborted ignored -> running.add(task.id());
                case Stage.Delivering ignored -> {} // answered before the function came
            }
        }
        AwaitedFunction awaited = new AwaitedFunction(request.taskTag(), function, Lun.decode(request.lun()), running);
        if (running.isEmpty()) {
            complete(draft, awaited);
        } else {
            draft.functions().add(awaited);
        }
    }

    /** A command has ended, perhaps the last one that a function waits for. */
    void ended(SessionDraft draft, TaskId id) {
        for (AwaitedFunction awaited : List.copyOf(draft.functions())) {
            if (awaited.running().contains(id)) {
                draft.functions().remove(awaited);
                Set<TaskId> left = new HashSet<>(awaited.running());
                left.remove(id);
                if (!left.isEmpty()) {
                    draft.functions().add(awaited.waitingFor(left));
                } else if (!draft.closed()) {
                    complete(draft, awaited);
                }
            }
        }
    }

    /** Nothing of this session is on the disk any more; a reset goes on to the units and the other sessions. */
    private static void complete(SessionDraft draft, AwaitedFunction done) {
        switch (done.function()) {
            case LOGICAL_UNIT_RESET, CLEAR_TASK_SET, TARGET_WARM_RESET, TARGET_COLD_RESET ->
                draft.reset(done.taskTag(), done.function(), done.lun());
            case ABORT_TASK, ABORT_TASK_SET, CLEAR_ACA, TASK_REASSIGN ->
                answer(draft, done.taskTag(), TaskResponse.COMPLETE);
        }
    }

    void resetDone(SessionDraft draft, SessionInput.ResetDone done) {
        if (draft.closed()) {
            return;
        }
        answer(draft, done.taskTag(), TaskResponse.COMPLETE);
        if (done.function() == TaskFunction.TARGET_COLD_RESET) {
            draft.close("target cold reset"); // RFC 7143 §11.6.1; the other sessions are closed already
        }
    }

    private static void answer(SessionDraft draft, int taskTag, int response) {
        draft.send(new TaskResponse(taskTag, response, draft.status()));
    }
}
