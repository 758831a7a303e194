package io.sluice.iscsi.session;

import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a session in order of arrival, which is that of their ids. Immutable: a change copies an array of references, which
 * for the few hundred tasks that a session has at most costs less than any tree.
 */
final class Tasks implements Iterable<Task> {

    static final Tasks NONE = new Tasks(new Task[0], 0, 0);

    private final Task[] tasks;
    private final int ordered;
    private final int waiting;

    private Tasks(Task[] tasks, int ordered, int waiting) {
        this.tasks = tasks;
        this.ordered = ordered;
        this.waiting = waiting;
    }

    int size() {
        return tasks.length;
    }

    /** How many came as part of the ordered command stream, not immediate. */
    int ordered() {
        return ordered;
    }

    /** Whether any is in {@link Task.Stage.Waiting}. */
    boolean anyWaiting() {
        return waiting > 0;
    }

    @Nullable
    Task find(TaskId id) {
        int at = at(id);
        return at < 0 ? null : tasks[at];
    }

    /** The task that has an Initiator Task Tag now. */
    @Nullable
    Task live(int tag) {
        for (Task task : tasks) {
            if (task.tag() == tag && task.live()) {
                return task;
            }
        }
        return null;
    }

    /** With a task in place of the one of its id, or as the last. */
    Tasks with(Task task) {
        int at = at(task.id());
        if (at >= 0) {
            Task[] changed = tasks.clone();
            changed[at] = task;
            return new Tasks(changed, ordered, waiting - waiting(tasks[at]) + waiting(task));
        }
        Task[] longer = Arrays.copyOf(tasks, tasks.length + 1);
        longer[tasks.length] = task;
        return new Tasks(longer, ordered + ordered(task), waiting + waiting(task));
    }

    Tasks without(TaskId id) {
        int at = at(id);
        if (at < 0) {
            return this;
        }
        Task[] shorter = new Task[tasks.length - 1];
        System.arraycopy(tasks, 0, shorter, 0, at);
        System.arraycopy(tasks, at + 1, shorter, at, shorter.length - at);
        return new Tasks(shorter, ordered - ordered(tasks[at]), waiting - waiting(tasks[at]));
    }

    /** By halving: ids only grow. Below 0 if it is not there. */
    private int at(TaskId id) {
        int low = 0;
        int high = tasks.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = tasks[middle].id().value();
            if (found == id.value()) {
                return middle;
            }
            if (found < id.value()) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private static int ordered(Task task) {
        return task.request().flags().immediate() ? 0 : 1;
    }

    private static int waiting(Task task) {
        return task.stage() instanceof Task.Stage.Waiting ? 1 : 0;
    }

    @Override
    public Iterator<Task> iterator() {
        return Arrays.asList(tasks).iterator();
    }
}
